package tirl.spa.gate;

import java.lang.reflect.Method;

/** What this thread allocated. By reflection: the module under test does not require jdk.management. */
public final class ThreadMeter {
    private static final int RUNS = 5;

    private final Object threads;
    private final Method allocated;

    public ThreadMeter() {
        try {
            threads = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            allocated = Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The least of several runs, so that a compilation in between does not count. */
    public long allocated(Runnable work) {
        long least = Long.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
            long before = read();
            work.run();
            least = Math.min(least, read() - before);
        }
        return least;
    }

    private long read() {
        try {
            return (long) allocated.invoke(threads);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
