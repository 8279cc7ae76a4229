package tirl.daemon.spa;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import tirl.daemon.store.Flusher;
import tirl.daemon.store.Store;
import tirl.daemon.store.Store.Durability;
import tirl.daemon.store.StoreException;
import tirl.daemon.store.StoreSession;
import tirl.linux.libc.ThisThread;

/**
 * Writes claims so that they survive a power cut: whatever waits goes into one transaction, so a disk that takes long for
 * each makes nobody wait for more than two. The store itself tells of its trouble.
 */
public final class Claims implements ClaimWriter, AutoCloseable {
    /** More than the gate's budget lets through in the second that a very slow disk takes. */
    static final int MOST_WAITING = 8192;

    private static final long PATIENCE_MS = 1_000;

    private record Waiting(Claim claim, Consumer<String> failed) {}

    private final Store store;
    private final Flusher flusher;
    private final Consumer<Runnable> decisionThread;
    /** Empty for the end. */
    private final BlockingQueue<Optional<Waiting>> queue = new LinkedBlockingQueue<>(MOST_WAITING);

    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final Thread thread;

    /**
     * What became of the claims so far.
     *
     * @param waiting those that are not on disk yet
     * @param failed those that did not get there, for trouble of the store or because too many waited
     */
    public record Counts(long waiting, long written, long failed) {}

    /**
     * @param flusher finds out when trouble of the store is over
     * @param decisionThread lets it do something; any thread
     */
    public Claims(Store store, Flusher flusher, Consumer<Runnable> decisionThread) {
        this.store = store;
        this.flusher = flusher;
        this.decisionThread = decisionThread;
        thread = Thread.ofPlatform().daemon().name("spa-claims").start(this::run);
    }

    @Override
    public void write(Claim claim, Consumer<String> told) {
        Waiting next = new Waiting(claim, told);
        waiting.incrementAndGet();
        if (!queue.offer(Optional.of(next))) {
            fail(next, "more than " + MOST_WAITING + " wait for the disk");
        }
    }

    @Override
    public boolean isIdle() {
        return waiting.get() == 0 && store.trouble().isEmpty();
    }

    public Counts counts() {
        return new Counts(waiting.get(), written.get(), failed.get());
    }

    private void run() {
        boolean _ = ThisThread.takeShortTurns();
        List<Optional<Waiting>> group = new ArrayList<>();
        try {
            while (!group.contains(Optional.<Waiting>empty())) {
                group.clear();
                group.add(queue.take());
                queue.drainTo(group);
                write(group.stream().flatMap(Optional::stream).toList());
            }
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<Waiting> group) {
        if (group.isEmpty()) {
            return;
        }
        try {
            int done = store.write(Durability.POWER, session -> {
                for (Waiting each : group) {
                    perform(each.claim(), session);
                }
                return group.size();
            });
            group.forEach(each -> decisionThread.accept(each.claim().then()));
            written.addAndGet(done);
            waiting.addAndGet(-done);
        } catch (StoreException reportedByTheStore) {
            group.forEach(each -> fail(each, reportedByTheStore.reason()));
            flusher.soon();
        }
    }

    /** A bug in one must not leave a transaction open, nor end this thread. */
    private static void perform(Claim claim, StoreSession session) throws SQLException {
        try {
            claim.durable().in(session);
        } catch (RuntimeException bug) {
            throw new SQLException("a bug in tirl, please report it: " + bug, bug);
        }
    }

    private void fail(Waiting each, String reason) {
        decisionThread.accept(() -> {
            each.claim().undo().run();
            each.failed().accept(reason);
        });
        failed.incrementAndGet();
        waiting.decrementAndGet();
    }

    /** Writes what is left, within bounds. */
    @Override
    public void close() {
        try {
            if (queue.offer(Optional.empty(), PATIENCE_MS, TimeUnit.MILLISECONDS)) {
                thread.join(PATIENCE_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
