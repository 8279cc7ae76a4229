package tirl.lab;

/** What a process has run so far, to the nanosecond and with its threads that have ended: {@code /proc} rounds to a hundredth of a second. */
public final class ProcessorTime {
    /** The whole process and all that the scheduler gave it, linux/posix-timers.h. */
    private static final int CPUCLOCK_SCHED = 2;

    private ProcessorTime() {}

    /** Of all its threads, without its children. It must be a process of this user, or we root. */
    public static long ofProcess(long pid) {
        return Libc.clockNs(~(int) pid << 3 | CPUCLOCK_SCHED);
    }
}
