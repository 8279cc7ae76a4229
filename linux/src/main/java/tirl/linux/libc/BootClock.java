package tirl.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** Time since the machine started, also what it slept: the only clock that means the same to the next daemon. */
public final class BootClock {
    private static final int CLOCK_BOOTTIME = 7;
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final NativeCall CLOCK_GETTIME = new NativeCall("clock_gettime", 2);

    private BootClock() {}

    public static long nanos() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(2 * JAVA_LONG.byteSize());
            int _ = CLOCK_GETTIME.invoke(CLOCK_BOOTTIME, Downcalls.address(time));
            return time.getAtIndex(JAVA_LONG, 0) * NS_PER_SECOND + time.getAtIndex(JAVA_LONG, 1);
        } catch (LibcException neverOnLinux) {
            throw new IllegalStateException(neverOnLinux);
        }
    }

    /** A different text after each start of the machine. */
    public static String bootId() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    }
}
