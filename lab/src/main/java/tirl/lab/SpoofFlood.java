package tirl.lab;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A flood of first knocks from forged sources: raw Ethernet frames at a bounded rate, a bounded number of them, each
 * from an address of its own. Runs as a process of its own inside the client namespace, so that it has its own
 * processor time and can be killed.
 */
public final class SpoofFlood {
    private static final int MAX_FRAMES = 2_000_000;
    private static final int MAX_PER_SECOND = 200_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** 10.128.0.0: an address outside every subnet of the lab, so that replies go nowhere. */
    private static final int FIRST_SOURCE = 10 << 24 | 128 << 16;

    private SpoofFlood() {}

    /** Starts the flood against the server's end of a wire; its output ends with a line of what was sent. */
    public static Background start(Network network, int frames, int perSecond, int... ports) {
        Wire wire = network.wire();
        Stream<String> target = Stream.of(
                wire.clientInterface(),
                wire.serverMac(),
                wire.serverIpv4(),
                Integer.toString(frames),
                Integer.toString(perSecond));
        Stream<String> knocks = Arrays.stream(ports).mapToObj(Integer::toString);
        List<String> arguments = Stream.concat(target, knocks).toList();
        return network.clients().start(ChildJvm.words(SpoofFlood.class, arguments));
    }

    /** Arguments: interface, destination MAC, destination IPv4 address, frames, frames a second, ports. */
    public static void main(String[] args) {
        int frames = Math.min(Integer.parseInt(args[3]), MAX_FRAMES);
        int perSecond = Math.clamp(Integer.parseInt(args[4]), 1, MAX_PER_SECOND);
        int[] ports = Stream.of(args).skip(5).mapToInt(Integer::parseInt).toArray();
        try (Arena arena = Arena.ofConfined()) {
            SynFrame frame = new SynFrame(arena, args[1], args[2], 0);
            int socket = Libc.packetSocket(args[0]);
            long start = System.nanoTime();
            for (int i = 0; i < frames; i++) {
                waitUntil(start + i * NANOS_PER_SECOND / perSecond);
                Libc.send(socket, frame.from(FIRST_SOURCE + i, ports[i % ports.length]));
            }
            double seconds = (System.nanoTime() - start) / (double) NANOS_PER_SECOND;
            System.out.printf("sent %d in %.2f s, %.0f/s%n", frames, seconds, frames / seconds);
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
