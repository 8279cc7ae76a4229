package tirl.daemon.spa;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import tirl.fwknop.gate.Allowance;
import tirl.linux.libc.ThisThread;
import tirl.spa.OpenResult;
import tirl.spa.Refusal;
import tirl.spa.gate.Look;

/**
 * Makes key agreements on a thread of its own, so that devices by the hundred keep no door waiting. One thread: what a
 * device sent first is decided first. One that comes alone is made at once, as to wake up a thread and be woken up by it
 * takes longer than the agreement.
 */
public final class Agreements implements KeyAgreements, AutoCloseable {
    /** A fifth of a second of work where OpenSSL does it, and twelve megabytes of the longer packets. */
    static final int MOST_WAITING = 4096;

    /** What is made at once keeps doors waiting: some now, and 5 % of the time. */
    private static final long AT_ONCE_NS = Duration.ofMillis(10).toNanos();

    private static final int PERCENT = 5;
    private static final long PATIENCE_MS = 1_000;

    private record Waiting(Look.Agreement agreement, Consumer<OpenResult> then) {}

    private final Consumer<Runnable> decisionThread;
    private final BlockingQueue<Optional<Waiting>> queue;
    private final Optional<Allowance> atOnce;
    private final Thread thread;
    /** Not known yet to who asked. Decision thread only. */
    private int underWay;

    /** @param decisionThread lets it do something; any thread */
    public Agreements(Consumer<Runnable> decisionThread) {
        this(decisionThread, MOST_WAITING, Optional.of(new Allowance(AT_ONCE_NS, PERCENT)));
    }

    /** @param atOnce how much may be made on the thread that asks; none when empty */
    Agreements(Consumer<Runnable> decisionThread, int mostWaiting, Optional<Allowance> atOnce) {
        this.decisionThread = decisionThread;
        this.atOnce = atOnce;
        queue = new LinkedBlockingQueue<>(mostWaiting);
        thread = Thread.ofPlatform().daemon().name("spa-agreements").start(this::run);
    }

    @Override
    public boolean begin(Look.Agreement agreement, Consumer<OpenResult> then) {
        long nowNs = System.nanoTime();
        if (underWay == 0 && atOnce.isPresent() && atOnce.get().isOpen(nowNs)) {
            OpenResult result = open(agreement);
            atOnce.get().spend(nowNs, System.nanoTime() - nowNs);
            then.accept(result);
            return true;
        }
        boolean taken = queue.offer(Optional.of(new Waiting(agreement, then)));
        underWay += taken ? 1 : 0;
        return taken;
    }

    /** How many wait. Any thread. */
    public int waiting() {
        return queue.size();
    }

    private void run() {
        boolean _ = ThisThread.takeShortTurns();
        try {
            for (Optional<Waiting> next = queue.take(); next.isPresent(); next = queue.take()) {
                Waiting waiting = next.get();
                OpenResult result = open(waiting.agreement());
                decisionThread.accept(() -> {
                    underWay--;
                    waiting.then().accept(result);
                });
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
