package tirl.daemon;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import tirl.daemon.practice.Exercise;

/**
 * Does again and again, beside the daemon, what packets of the parts that are switched on will cost, until the JVM has compiled it:
 * a thread of its own, with pauses, for half a minute after the start at most. {@link Practice} does so for doors.
 */
final class Exercises {
    private static final long PAUSE_NS = Duration.ofMillis(2).toNanos();
    /** On a slow machine this much has to do. */
    private static final long MOST_NS = Duration.ofSeconds(30).toNanos();

    private Exercises() {}

    /**
     * Makes them and does each so many times, on that thread; a bug in one ends it and nothing else.
     *
     * @return done when it is over
     */
    static CompletableFuture<Void> begin(Supplier<List<Exercise>> made, int times) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Thread _ = Thread.ofPlatform().daemon().name("practice").start(() -> {
            try {
                repeat(times == 0 ? List.of() : made.get(), times);
            } finally {
                over.complete(null);
            }
        });
        return over;
    }

    private static void repeat(List<Exercise> exercises, int times) {
        long endNs = System.nanoTime() + MOST_NS;
        try {
            for (int i = 0; !exercises.isEmpty() && i < times && System.nanoTime() - endNs < 0; i++) {
                exercises.forEach(Runnable::run);
                LockSupport.parkNanos(PAUSE_NS);
            }
        } finally {
            exercises.forEach(Exercise::close);
        }
    }
}
