package tirl.daemon.spa;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import tirl.spa.OpenResult;
import tirl.spa.Refusal;
import tirl.spa.gate.Look;

/**
 * Makes key agreements on a thread of its own, so that devices by the hundred keep no door waiting. One thread: what a
 * device sent first is decided first.
 */
public final class Agreements implements KeyAgreements, AutoCloseable {
    /** A fifth of a second of work, and six megabytes of the longer packets. */
    static final int MOST_WAITING = 2048;

    private static final long PATIENCE_MS = 1_000;

    private record Waiting(Look.Agreement agreement, Consumer<OpenResult> then) {}

    private final Consumer<Runnable> decisionThread;
    private final BlockingQueue<Optional<Waiting>> queue;
    private final Thread thread;

    /** @param decisionThread lets it do something; any thread */
    public Agreements(Consumer<Runnable> decisionThread) {
        this(decisionThread, MOST_WAITING);
    }

    Agreements(Consumer<Runnable> decisionThread, int mostWaiting) {
        this.decisionThread = decisionThread;
        queue = new LinkedBlockingQueue<>(mostWaiting);
        thread = Thread.ofPlatform().daemon().name("spa-agreements").start(this::run);
    }

    @Override
    public boolean begin(Look.Agreement agreement, Consumer<OpenResult> then) {
        return queue.offer(Optional.of(new Waiting(agreement, then)));
    }

    /** How many wait. Any thread. */
    public int waiting() {
        return queue.size();
    }

    private void run() {
        try {
            for (Optional<Waiting> next = queue.take(); next.isPresent(); next = queue.take()) {
                Waiting waiting = next.get();
                OpenResult result = open(waiting.agreement());
                decisionThread.accept(() -> waiting.then().accept(result));
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    /** A device that is revoked at this moment has its keys wiped; and a bug in one must not end the thread. */
    private static OpenResult open(Look.Agreement agreement) {
        try {
            return agreement.open();
        } catch (RuntimeException bug) {
            return new OpenResult.Refused(Refusal.SEAL);
        }
    }

    /** What waits is as good as lost on the way: its sender tries again. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
