package tirl.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import tirl.linux.libc.MappedFiles;

/**
 * Lets go of what only the start and the compilers read of files: again and again while the daemon practises, as the
 * compilers read more, and once when they have come to rest, with what practice has left in the heap. Decision 0036.
 */
final class Settling {
    private static final long INTERVAL_NS = Duration.ofSeconds(5).toNanos();

    private Settling() {}

    /**
     * On a thread of its own, which ends with it.
     *
     * @param practice done when it is over; with none at all nothing is let go
     * @param last what brings back that part which a knock needs
     */
    static void begin(CompletableFuture<Void> practice, Runnable last) {
        if (Practice.PLAYS == 0) {
            return;
        }
        Thread _ = Thread.ofPlatform().daemon().name("settling").start(() -> {
            try {
                MappedFiles mapped = MappedFiles.now();
                for (boolean over = false; !over; mapped.letGo()) {
                    // Over a while ago, so that the compilers have done what was left for them.
                    over = practice.isDone();
                    LockSupport.parkNanos(INTERVAL_NS);
                }
                // What practice has left behind; a pause of some milliseconds, once.
                System.gc();
                // The collection itself, and what was compiled late, have read more.
                LockSupport.parkNanos(INTERVAL_NS);
                mapped.letGo();
                last.run();
            } catch (IOException hidden) {
                // Without /proc nothing is let go, and nobody has to know.
            }
        });
    }
}
