package tirl.recognise;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import tirl.packet.DecodeOutcome;
import tirl.packet.LinkType;
import tirl.packet.Packet;
import tirl.packet.PacketDecoder;

/** One frame in memory outside the heap, as the capture ring is. */
@State(Scope.Benchmark)
public class DecoderBenchmark extends Timed {
    private static final String ETHERNET = "020000000001 020000000002 ";
    private static final String SYN = "9c40 1b58 00000001 00000000 5002 faf0 0000 0000";
    private static final String V4_ENDS = "0a630002 0a630001 ";
    private static final String V6_ENDS = "fd990000000000000000000000000002 fd990000000000000000000000000001 ";
    private static final int GARBAGE = 1024;
    private static final int GARBAGE_LENGTH = 64;

    private final PacketDecoder decoder = new PacketDecoder(new Packet());
    private final MemorySegment syn = frame(ETHERNET + "0800 4500 0028 0001 0000 4006 0000 " + V4_ENDS + SYN);
    private final MemorySegment extended =
            frame(ETHERNET + "86dd 60000000 001c 0040 " + V6_ENDS + "0600 0104 00000000 " + SYN);
    private final MemorySegment udp = frame(
            ETHERNET + "0800 4500 00ac 0001 0000 4011 0000 " + V4_ENDS + "9c40 f2f9 0098 0000" + "5a".repeat(144));
    private final MemorySegment garbage = garbage();
    private int next;

    /** For JMH. */
    public DecoderBenchmark() {}

    @Setup
    public void check() {
        if (ipv4Syn() != DecodeOutcome.DECODED
                || ipv6Extension() != DecodeOutcome.DECODED
                || udpPayload() != DecodeOutcome.DECODED) {
            throw new IllegalStateException("a frame is wrong");
        }
    }

    private static MemorySegment frame(String hex) {
        return outside(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static MemorySegment outside(byte[] octets) {
        MemorySegment memory = Arena.global().allocate(octets.length);
        memory.copyFrom(MemorySegment.ofArray(octets));
        return memory;
    }

    /** Many frames of noise behind a right Ethernet header, so that the processor cannot learn how they end. */
    private static MemorySegment garbage() {
        byte[] all = new byte[GARBAGE * GARBAGE_LENGTH];
        new Random(1).nextBytes(all);
        for (int frame = 0; frame < all.length; frame += GARBAGE_LENGTH) {
            all[frame + 12] = 8;
            all[frame + 13] = 0;
            all[frame + 14] = 0x45;
        }
        return outside(all);
    }

    @Benchmark
    public DecodeOutcome ipv4Syn() {
        return decode(syn);
    }

    @Benchmark
    public DecodeOutcome ipv6Extension() {
        return decode(extended);
    }

    @Benchmark
    public DecodeOutcome udpPayload() {
        return decode(udp);
    }

    @Benchmark
    public DecodeOutcome garbageFrame() {
        next = (next + 1) % GARBAGE;
        return decoder.decode(garbage, (long) next * GARBAGE_LENGTH, GARBAGE_LENGTH, LinkType.ETHERNET);
    }

    private DecodeOutcome decode(MemorySegment frame) {
        return decoder.decode(frame, 0, (int) frame.byteSize(), LinkType.ETHERNET);
    }
}
