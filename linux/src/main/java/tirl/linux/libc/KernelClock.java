package tirl.linux.libc;

import java.lang.foreign.Arena;

/** The clock of the kernel as NTP sees it, adjtimex(2). */
public final class KernelClock {
    /** sizeof(struct timex) where long has 64 bits; modes = 0 only asks. */
    private static final long TIMEX = 208;

    private static final int TIME_ERROR = 5;

    private static final NativeCall ADJTIMEX = new NativeCall("adjtimex", 1);

    private KernelClock() {}

    /** Whether some program keeps it in step with the world. */
    public static boolean isSynchronised() throws LibcException {
        try (Arena arena = Arena.ofConfined()) {
            return ADJTIMEX.invoke(Downcalls.address(arena.allocate(TIMEX, Long.BYTES))) != TIME_ERROR;
        }
    }
}
