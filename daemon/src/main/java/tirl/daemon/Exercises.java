package tirl.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import tirl.linux.libc.MappedFiles;

/**
 * Does again and again, beside the daemon, what packets of the parts that are switched on will cost, until the JVM has compiled it:
 * a thread of its own, with pauses, for some seconds after the start. {@link Practice} does so for doors.
 */
final class Exercises {
    private static final long PAUSE_NS = Duration.ofMillis(2).toNanos();
    /** On a slow machine this much has to do. */
    private static final long MOST_NS = Duration.ofSeconds(10).toNanos();
    /** The compilers have work left when practice is over. */
    private static final long REST_NS = Duration.ofSeconds(2).toNanos();

    private Exercises() {}

    /**
     * Makes them and does each so many times, on that thread; a bug in one ends it and nothing else. When the other practice
     * is over, too, what only the start and the compilers read of files is let go.
     *
     * @param last what brings back that part of it which a knock needs
     */
    static void begin(Supplier<List<Runnable>> made, int times, CompletableFuture<Void> others, Runnable last) {
        if (times == 0) {
            return;
        }
        Thread _ = Thread.ofPlatform().daemon().name("practice").start(() -> {
            try {
                MappedFiles mapped = MappedFiles.now();
                repeat(made.get(), times);
                others.join();
                LockSupport.parkNanos(REST_NS);
                mapped.letGo();
                last.run();
            } catch (IOException hidden) {
                // Without /proc nothing is let go, and nobody has to know.
            }
        });
    }

    private static void repeat(List<Runnable> exercises, int times) {
        long endNs = System.nanoTime() + MOST_NS;
        for (int i = 0; !exercises.isEmpty() && i < times && System.nanoTime() - endNs < 0; i++) {
            exercises.forEach(Runnable::run);
            LockSupport.parkNanos(PAUSE_NS);
        }
    }
}
