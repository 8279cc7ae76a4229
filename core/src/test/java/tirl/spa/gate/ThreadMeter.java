package tirl.spa.gate;

import java.lang.reflect.Method;

/** What this thread allocated and how long it computed. By reflection: the module under test does not require jdk.management. */
public final class ThreadMeter {
    private static final int RUNS = 5;

    private final Object threads;
    private final Method allocated;
    private final Method cpu;

    public ThreadMeter() {
        try {
            threads = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            allocated = Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes");
            cpu = Class.forName("java.lang.management.ThreadMXBean").getMethod("getCurrentThreadCpuTime");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The least of several runs, so that a compilation in between does not count. */
    public long allocated(Runnable work) {
        long least = Long.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
            long before = read(allocated);
            work.run();
            least = Math.min(least, read(allocated) - before);
        }
        return least;
    }

    /** Processor time, which a busy machine does not stretch. */
    public long cpuNs() {
        return read(cpu);
    }

    private long read(Method what) {
        try {
            return (long) what.invoke(threads);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
