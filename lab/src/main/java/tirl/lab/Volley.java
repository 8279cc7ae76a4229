package tirl.lab;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends ready-made frames, one after the other and from the beginning again, out of the client's end of a wire. Runs as a
 * process of its own inside the client namespace, so that it has its own processor time and can be killed.
 */
public final class Volley implements AutoCloseable {
    private static final long MOST_FRAMES = 50_000_000;
    private static final int MOST_PER_SECOND = 1_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final ValueLayout.OfInt LENGTH =
            JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN).withByteAlignment(1);

    private final Path file;
    private final Background process;

    private Volley(Path file, Background process) {
        this.file = file;
        this.process = process;
    }

    /**
     * What left.
     *
     * @param frames how many
     * @param seconds from the first to the last
     */
    public record Sent(long frames, double seconds) {
        /** Frames a second. */
        public double rate() {
            return frames / seconds;
        }
    }

    /**
     * Starts to send.
     *
     * @param total how many frames in all
     * @param perSecond 0: as fast as it can
     */
    public static Volley start(Network network, List<byte[]> frames, long total, int perSecond) {
        return start(network, frames, total, perSecond, 1);
    }

    /** The same, in bunches of so many frames that leave one right after the other. */
    public static Volley start(Network network, List<byte[]> frames, long total, int perSecond, int bunch) {
        try {
            Path file = Files.createTempFile("tlvolley", "");
            try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
                for (byte[] frame : frames) {
                    out.writeInt(frame.length);
                    out.write(frame);
                }
            }
            List<String> arguments = List.of(
                    network.wire().clientInterface(),
                    file.toString(),
                    Long.toString(total),
                    Integer.toString(perSecond),
                    Integer.toString(bunch));
            return new Volley(file, network.clients().start(ChildJvm.words(Volley.class, arguments)));
        } catch (IOException e) {
            throw new LabException("could not write the frames of a volley", e);
        }
    }

    public boolean alive() {
        return process.alive();
    }

    /** Whether the first frame has left; a JVM takes a moment to start. */
    public boolean begun() {
        return process.out().contains("begins");
    }

    /** Waits for the end. */
    public Sent await(Duration limit) {
        int exit = process.exit(limit);
        List<String> lines = process.out().lines().toList();
        if (exit != 0 || lines.size() != 2) {
            throw new LabException("the volley failed: " + process.out() + process.err());
        }
        String[] words = lines.getLast().split(" ", -1);
        return new Sent(Long.parseLong(words[0]), Double.parseDouble(words[1]));
    }

    /** Ends it, wherever it is. */
    @Override
    public void close() {
        process.close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new LabException("could not remove " + file, e);
        }
    }

    /** Arguments: interface, file of frames, how many, how many a second, how many at once. */
    public static void main(String[] args) throws IOException {
        long total = Math.min(Long.parseLong(args[2]), MOST_FRAMES);
        int perSecond = Math.clamp(Integer.parseInt(args[3]), 0, MOST_PER_SECOND);
        int bunch = Integer.parseInt(args[4]);
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(Path.of(args[1]), StandardOpenOption.READ)) {
            MemorySegment frames = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            int socket = Libc.packetSocket(args[0]);
            System.out.println("begins");
            long began = System.nanoTime();
            long at = 0;
            for (long sent = 0; sent < total; sent++) {
                if (perSecond > 0 && sent % bunch == 0) {
                    waitUntil(began + sent * NANOS_PER_SECOND / perSecond);
                }
                int length = frames.get(LENGTH, at);
                Libc.send(socket, frames.asSlice(at + LENGTH.byteSize(), length));
                at += LENGTH.byteSize() + length;
                at = at == frames.byteSize() ? 0 : at;
            }
            double seconds = (System.nanoTime() - began) / (double) NANOS_PER_SECOND;
            System.out.println(total + " " + seconds);
            Libc.close(socket);
        }
    }

    /** Sleeps when the frame is well ahead of its time: frames leave in small bunches, at the right rate on average. */
    private static void waitUntil(long due) {
        long early = due - System.nanoTime();
        if (early > 200_000) {
            LockSupport.parkNanos(early);
        }
    }
}
