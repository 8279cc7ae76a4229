package tirl.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A pipe for what a child writes. Java's own pipe to a child is closed when that child ends, and a process that the
 * child left running then dies of SIGPIPE at its next line; this one stays open until the last writer is gone.
 */
public final class OutputPipe implements AutoCloseable {
    /** What {@link #read} returns when no writer is left. */
    public static final int END = 0;

    private static final int O_NONBLOCK_CLOEXEC = 0x800 | 0x80000;
    private static final NativeCall PIPE2 = new NativeCall("pipe2", 2);

    private final int readEnd;
    private int writeEnd;

    public OutputPipe() throws LibcException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            int _ = PIPE2.invoke(Downcalls.address(ends), O_NONBLOCK_CLOEXEC);
            readEnd = ends.getAtIndex(JAVA_INT, 0);
            writeEnd = ends.getAtIndex(JAVA_INT, 1);
        }
    }

    /** For {@link ProcessBuilder.Redirect#to}: opened anew, so that the child's end blocks as a child expects. */
    public File writeEnd() {
        return new File("/proc/self/fd/" + writeEnd);
    }

    /** To be called once the child has it: this process must not count as a writer. */
    public void closeWriteEnd() {
        if (writeEnd >= 0) {
            Libc.close(writeEnd);
            writeEnd = -1;
        }
    }

    public int readEnd() {
        return readEnd;
    }

    /** How many bytes came, {@link #END}, or {@link Libc#WOULD_BLOCK}. */
    public long read(MemorySegment buffer) throws LibcException {
        return Libc.read(readEnd, buffer);
    }

    @Override
    public void close() {
        closeWriteEnd();
        Libc.close(readEnd);
    }
}
