package tirl.lab.bench;

import java.util.concurrent.locks.LockSupport;

/** Waiting for a moment. */
final class Pace {
    private Pace() {}

    static void until(long dueNs) {
        for (long left = dueNs - System.nanoTime(); left > 0; left = dueNs - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    static void millis(long millis) {
        until(System.nanoTime() + millis * 1_000_000);
    }
}
