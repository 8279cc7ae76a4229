package tirl.daemon.command;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import tirl.linux.libc.Libc;
import tirl.linux.libc.OutputPipe;

/**
 * What one command writes, line by line and up to a bound. Two threads read: the common one as long as the command
 * runs, so that it is never held up, and the command's own at its end, so that nothing it wrote is reported late.
 */
final class CommandOutput {
    private static final int CHUNK = 4096;

    private final OutputPipe pipe;
    private final CommandListener listener;
    private final MemorySegment buffer = Arena.ofAuto().allocate(CHUNK);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int room;
    private long dropped;
    private boolean reporting = true;
    private boolean ended;

    CommandOutput(CommandListener listener, int bound) throws IOException {
        this.listener = listener;
        room = bound;
        pipe = new OutputPipe();
    }

    /** Where the command is to write. */
    File target() {
        return pipe.writeEnd();
    }

    void started() {
        pipe.closeWriteEnd();
    }

    int readEnd() {
        return pipe.readEnd();
    }

    /** Reads what is there; whether that was the last. */
    synchronized boolean read() {
        while (!ended) {
            long count = readOnce();
            if (count == Libc.WOULD_BLOCK) {
                return false;
            }
            if (count == OutputPipe.END) {
                ended = true;
            } else if (reporting) {
                take((int) count);
            }
        }
        return true;
    }

    /** The command has ended: what it wrote is reported to the end, what others write from now on is dropped. */
    synchronized void finish() {
        // Whether more may come makes no difference here.
        boolean _ = read();
        if (line.size() > 0) {
            report();
        }
        if (dropped > 0) {
            listener.output("(" + dropped + " further bytes of output are left out)");
        }
        reporting = false;
    }

    /** By the thread that reads to the end, or before any does. */
    void close() {
        pipe.close();
    }

    private long readOnce() {
        try {
            return pipe.read(buffer);
        } catch (IOException e) {
            // A pipe that cannot be read is as good as one at its end.
            return OutputPipe.END;
        }
    }

    private void take(int count) {
        int taken = Math.min(count, room);
        for (int i = 0; i < taken; i++) {
            byte next = buffer.get(JAVA_BYTE, i);
            if (next == '\n') {
                report();
            } else {
                line.write(next);
            }
        }
        room -= taken;
        dropped += count - taken;
    }

    /** Control characters could forge lines of the log, or drive the terminal of whoever reads it. */
    private void report() {
        listener.output(line.toString(StandardCharsets.UTF_8).replaceAll("[\\p{Cntrl}&&[^\t]]", "?"));
        line.reset();
    }
}
