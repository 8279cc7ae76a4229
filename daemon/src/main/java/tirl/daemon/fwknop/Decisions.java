package tirl.daemon.fwknop;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tirl.fwknop.gate.Allowance;
import tirl.fwknop.gate.Decision;
import tirl.linux.libc.ThisThread;

/**
 * Decides on a thread of its own, so that a thousand keys, or a private key of GnuPG's, keep no door waiting. Packets of known
 * sources come first; and packets that turn out to be nobody's get at most half of one processor, known and others apart, so
 * that a flood of them neither eats the machine nor keeps known sources out. A packet that comes alone, where there are few
 * keys, is decided at once: to wake up a thread and be woken up by it takes longer.
 */
final class Decisions implements Decider, AutoCloseable {
    static final int MOST_WAITING = 2048;
    private static final long AT_ONCE_NS = Duration.ofMillis(500).toNanos();
    private static final int PERCENT = 50;
    /** What is decided at once keeps doors waiting: some now, and 5 % of the time. */
    private static final long HERE_NS = Duration.ofMillis(10).toNanos();

    private static final int HERE_PERCENT = 5;
    private static final long PATIENCE_MS = 1_000;

    private record Waiting(Asked asked, Consumer<Decision> then) {}

    private final Consumer<Runnable> decisionThread;
    private final Line known = new Line();
    private final Line strangers = new Line();
    private final Semaphore waiting = new Semaphore(0);
    private final AtomicLong lost = new AtomicLong();
    private final Optional<Allowance> here;
    /** Not decided yet, or not known yet to who asked: nothing overtakes them. */
    private final AtomicInteger underWay = new AtomicInteger();

    private final Thread thread;

    /** Those that wait, and the time for such of them as are nobody's. */
    private static final class Line {
        final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(MOST_WAITING);
        final Allowance allowance = new Allowance(AT_ONCE_NS, PERCENT);
    }

    /** @param decisionThread lets it do something; any thread */
    public Decisions(Consumer<Runnable> decisionThread) {
        this(decisionThread, Optional.of(new Allowance(HERE_NS, HERE_PERCENT)));
    }

    /** @param here how much may be decided on the thread that asks; nothing when empty */
    Decisions(Consumer<Runnable> decisionThread, Optional<Allowance> here) {
        this.decisionThread = decisionThread;
        this.here = here;
        thread = Thread.ofPlatform().daemon().name("fwknop-decisions").start(this::run);
    }

    @Override
    public void begin(Asked asked, boolean isKnown, Consumer<Decision> then) {
        long nowNs = System.nanoTime();
        if (underWay.get() == 0
                && asked.isQuick()
                && here.isPresent()
                && here.get().isOpen(nowNs)) {
            Decision decision = decided(asked);
            here.get().spend(nowNs, System.nanoTime() - nowNs);
            if (decision != null && !(decision instanceof Decision.Ignored)) {
                then.accept(decision);
            }
            return;
        }
        underWay.incrementAndGet();
        if ((isKnown ? known : strangers).queue.offer(new Waiting(asked, then))) {
            waiting.release();
        } else {
            lost.incrementAndGet();
            underWay.decrementAndGet();
        }
    }

    /** Packets that nobody looked at, as there was no room or no time. Any thread. */
    public long lost() {
        return lost.get();
    }

    /** How many wait. Any thread. */
    public int waiting() {
        return known.queue.size() + strangers.queue.size();
    }

    private void run() {
        boolean _ = ThisThread.takeShortTurns();
        try {
            while (true) {
                waiting.acquire();
                Waiting first = known.queue.poll();
                Line line = first == null ? strangers : known;
                Waiting next = first == null ? strangers.queue.poll() : first;
                if (next != null) {
                    look(next, line);
                }
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Waiting next, Line line) {
        long beganNs = System.nanoTime();
        if (!line.allowance.isOpen(beganNs)) {
            lost.incrementAndGet();
            underWay.decrementAndGet();
            return;
        }
        Optional<Decision> decision = Optional.ofNullable(decided(next.asked()));
        if (decision.isPresent() && !(decision.get() instanceof Decision.Ignored)) {
            decisionThread.accept(() -> {
                underWay.decrementAndGet();
                next.then().accept(decision.get());
            });
            return;
        }
        underWay.decrementAndGet();
        long nowNs = System.nanoTime();
        line.allowance.spend(nowNs, nowNs - beganNs);
    }

    /** A bug that one packet meets must not end the thread. */
    private @Nullable Decision decided(Asked asked) {
        try {
            return asked.decide();
        } catch (RuntimeException bug) {
            lost.incrementAndGet();
            return null;
        }
    }

    /** What waits is as good as lost on the way. */
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
