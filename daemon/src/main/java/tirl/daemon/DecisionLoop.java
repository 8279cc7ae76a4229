package tirl.daemon;

import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import tirl.daemon.control.ControlException;
import tirl.daemon.log.Log;
import tirl.linux.libc.LibcException;
import tirl.linux.libc.Poller;
import tirl.linux.libc.ThisThread;
import tirl.pipeline.Pipeline;

/**
 * The one thread that decides. It waits for packets, network changes and requests at once, so nothing is handed from
 * thread to thread between a packet and the kernel, and nothing it touches needs a lock.
 */
final class DecisionLoop {
    private static final long TICK_NS = 1_000_000_000L;
    private static final long NS_PER_MS = 1_000_000L;
    /** How long a request waits for the loop before it says so. */
    private static final int PATIENCE_SECONDS = 10;

    private final Poller poller;
    private final Pipeline pipeline;
    private final Pulse pulse;
    private final LongSupplier frames;
    private final Pace pace = new Pace();
    private final Log log;
    private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
    private long lastTickNs = System.nanoTime();
    private volatile boolean stopping;

    /** @param frames how many have come since the start */
    DecisionLoop(Poller poller, Pipeline pipeline, Pulse pulse, LongSupplier frames, Log log) {
        this.poller = poller;
        this.pipeline = pipeline;
        this.pulse = pulse;
        this.frames = frames;
        this.log = log;
    }

    /** Runs until {@link #stop}, or until the kernel does not let it wait any more. */
    void run() throws LibcException {
        boolean _ = ThisThread.takeShortTurns();
        while (!stopping) {
            try {
                poller.poll(timeoutMillis());
                for (Runnable request = requests.poll(); request != null; request = requests.poll()) {
                    request.run();
                }
                pipeline.collectCuts();
                long nowNs = System.nanoTime();
                if (nowNs - lastTickNs >= TICK_NS || isLeaseDue(nowNs)) {
                    lastTickNs = nowNs;
                    pipeline.tick(nowNs);
                }
                pulse.turnEnded(nowNs);
                long restNs = pace.restNs(frames.getAsLong(), nowNs);
                if (restNs > 0) {
                    LockSupport.parkNanos(restNs);
                }
            } catch (RuntimeException bug) {
                // What it was about is lost; the loop, and with it everybody else's knocks, goes on.
                log.error("a bug in tirl, please report it: " + bug + " at " + place(bug));
            }
        }
    }

    private static String place(RuntimeException bug) {
        StackTraceElement[] trace = bug.getStackTrace();
        return trace.length == 0 ? "an unknown place" : trace[0].toString();
    }

    /** Asks the loop to end. Any thread. */
    void stop() {
        stopping = true;
        poller.wakeUp();
    }

    /** Lets the loop do something soon. Any thread. */
    void post(Runnable task) {
        requests.add(task);
        poller.wakeUp();
    }

    /** Lets the loop do something and waits for its result. Any thread but the loop's own. */
    <T> T call(Callable<T> task) throws ControlException {
        FutureTask<T> future = new FutureTask<>(task);
        post(future);
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlException("interrupted", e);
        } catch (TimeoutException e) {
            future.cancel(false);
            throw new ControlException("the daemon did not get to it within " + PATIENCE_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ControlException refused
                    ? refused
                    : new ControlException("failed: " + e.getCause(), e);
        }
    }

    private boolean isLeaseDue(long nowNs) {
        return pipeline.nextExpiryNs().map(due -> due - nowNs <= 0).orElse(false);
    }

    /**
     * Until the next lease ends or the pulse is due, at most a second while something half-done may expire; for ever when
     * there is none of them.
     */
    private long timeoutMillis() {
        long nowNs = System.nanoTime();
        long untilTick = pipeline.halfDone() > 0 ? Math.max(0, TICK_NS - (nowNs - lastTickNs)) : Long.MAX_VALUE;
        long untilExpiry =
                pipeline.nextExpiryNs().map(due -> Math.max(0, due - nowNs)).orElse(Long.MAX_VALUE);
        long wait = Math.min(pulse.untilNextNs(nowNs), Math.min(untilTick, untilExpiry));
        return wait == Long.MAX_VALUE ? -1 : wait / NS_PER_MS + 1;
    }
}
