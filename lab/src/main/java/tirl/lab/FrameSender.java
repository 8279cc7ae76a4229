package tirl.lab;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sends a script of hand-made frames out of the client's end of a wire, in their order. Runs as a process of its own
 * on one processor: packets that two processors send at once may change places.
 *
 * <p>A program that counts whole seconds must not be asked what it makes of a packet right at the turn of a second, so
 * nothing is sent shortly before one: the rest of the script is put off until it is over.
 */
public final class FrameSender {
    private static final int MAX_FRAMES = 100_000;
    private static final long MILLI = 1_000_000L;
    /** No frame leaves in this time before the turn of a second and in a hundredth of a second after it. */
    private static final long GUARD_MILLIS = 80;

    private static final long AFTER_TURN_MILLIS = 10;

    private FrameSender() {}

    /**
     * Starts to send.
     *
     * @param frames with their times ascending
     */
    public static Background start(Network network, List<Frame> frames) {
        Wire wire = network.wire();
        String script = frames.stream().map(Frame::toString).collect(Collectors.joining("\n"));
        Stream<String> pinned = Stream.of("taskset", "-c", "0");
        Stream<String> java =
                Stream.of(ChildJvm.words(FrameSender.class, List.of(wire.clientInterface(), wire.serverMac())));
        return network.clients().startWith(script, Stream.concat(pinned, java).toArray(String[]::new));
    }

    /**
     * Sends all and waits for the end.
     *
     * @return for each frame the second of the clock in which it was sent, or -1 if that turned over meanwhile
     */
    public static List<Long> send(Network network, List<Frame> frames, Duration limit) {
        try (Background sender = start(network, frames)) {
            int exit = sender.exit(limit);
            List<Long> seconds = sender.out().lines().map(Long::parseLong).toList();
            if (exit != 0 || seconds.size() != frames.size()) {
                throw new LabException(
                        "the sender sent " + seconds.size() + " of " + frames.size() + " frames\n" + sender.err());
            }
            return seconds;
        }
    }

    /** Arguments: interface, destination MAC; the script on standard input. */
    public static void main(String[] args) throws IOException {
        List<Frame> frames;
        try (BufferedReader script = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            frames = script.lines().limit(MAX_FRAMES).map(Frame::parse).toList();
        }
        StringBuilder sent = new StringBuilder();
        int socket = Libc.packetSocket(args[0]);
        long start = System.nanoTime();
        for (Frame frame : frames) {
            byte[] bytes = frame.bytes(args[1]);
            waitUntil(start + frame.atMicros() * 1_000);
            start += keepClearOfTheTurn();
            long before = second();
            try (Arena arena = Arena.ofConfined()) {
                Libc.send(socket, arena.allocateFrom(JAVA_BYTE, bytes));
            }
            sent.append(second() == before ? before : -1).append('\n');
        }
        Libc.close(socket);
        System.out.print(sent);
    }

    private static long second() {
        return System.currentTimeMillis() / 1_000;
    }

    private static void waitUntil(long due) {
        long left = due - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = due - System.nanoTime();
        }
    }

    /** Returns for how long, in nanoseconds, it had to wait. */
    private static long keepClearOfTheTurn() {
        long inSecond = System.currentTimeMillis() % 1_000;
        long wait = inSecond >= 1_000 - GUARD_MILLIS
                ? 1_000 + AFTER_TURN_MILLIS - inSecond
                : Math.max(0, AFTER_TURN_MILLIS - inSecond);
        if (wait == 0) {
            return 0;
        }
        long began = System.nanoTime();
        waitUntil(began + wait * MILLI);
        return System.nanoTime() - began;
    }
}
