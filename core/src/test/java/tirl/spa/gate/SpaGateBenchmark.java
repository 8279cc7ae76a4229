package tirl.spa.gate;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import tirl.packet.DecodeOutcome;
import tirl.packet.LinkType;
import tirl.packet.Packet;
import tirl.packet.PacketDecoder;
import tirl.recognise.Timed;
import tirl.spa.EnrolmentSecret;
import tirl.spa.GateKeys;
import tirl.spa.Refusal;
import tirl.spa.SharedKeys;

/** The table of live tokens of three epochs, and the gate in front of it. */
@State(Scope.Benchmark)
public class SpaGateBenchmark extends Timed {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int TOKEN_AT = 14 + 20 + 8;
    private static final int FRAME_LENGTH = TOKEN_AT + 144;
    /** A power of two: more than any cache of a processor would make it the memory's benchmark. */
    private static final int STRANGERS = 1 << 16;

    private static final long EPOCH = GateKeys.epochOf(Crowd.NOW_MS);
    private static final long HASH_KEY = 99;

    @Param("10000")
    int devices;

    private final PeerBook peers = new PeerBook();
    private final Packet packet = new Packet();
    private final PacketDecoder decoder = new PacketDecoder(packet);
    private final MemorySegment frame = Arena.global().allocate(FRAME_LENGTH);
    private final long[] strangers = new Random(3).longs(STRANGERS).toArray();
    private long[] live = {};
    private TokenTable tokens;
    private SpaGate gate;
    private int next;

    /** For JMH. */
    public SpaGateBenchmark() {}

    @Setup
    public void enrol() {
        Crowd crowd = new Crowd(2);
        Crowd.Device any = crowd.device("any");
        for (int i = 0; i < devices; i++) {
            // Another enrolment secret per device, the same key pair: its tokens are its own.
            SharedKeys keys = SharedKeys.atServer(
                            crowd.server, any.key().publicKey(), new EnrolmentSecret(crowd.bytes(32)))
                    .orElseThrow();
            peers.add(new Peer("d" + i, false, crowd.server, keys, any.seed(), new ReplayWindow(), false));
        }
        tokens = peers.table(EPOCH, HASH_KEY).tokens();
        gate = new SpaGate(peers, SpaGate.Settings.at(0), Crowd.NOW_MS, HASH_KEY);
        long[] inOrder = peers.all().stream()
                .flatMapToLong(peer -> Arrays.stream(peer.keys().gate().tokens(EPOCH)))
                .toArray();
        Random random = new Random(4);
        live = random.ints(STRANGERS, 0, inOrder.length)
                .mapToLong(i -> inOrder[i])
                .toArray();
        frame.copyFrom(MemorySegment.ofArray(HexFormat.of()
                .parseHex(("020000000001 020000000002 0800 4500 00ac 0001 0000 4011 0000 0a630002 0a630001"
                                + "9c40 f2f9 0098 0000" + "5a".repeat(144))
                        .replace(" ", ""))));
        if (tokenMiss() != TokenTable.NONE || tokenHit() == TokenTable.NONE) {
            throw new IllegalStateException("the table is wrong");
        }
        long before = gate.refused(Refusal.TOKEN);
        if (stranger().isPresent() || gate.refused(Refusal.TOKEN) != before + 1) {
            throw new IllegalStateException("the gate is wrong");
        }
    }

    @Benchmark
    public int tokenMiss() {
        return tokens.peer(strangers[number()]);
    }

    @Benchmark
    public int tokenHit() {
        return tokens.peer(live[number()]);
    }

    /** A packet of the right length that nobody made, from its frame on. */
    @Benchmark
    public Optional<Look> stranger() {
        frame.set(LONG, TOKEN_AT, strangers[number()]);
        if (decoder.decode(frame, 0, FRAME_LENGTH, LinkType.ETHERNET) != DecodeOutcome.DECODED) {
            throw new IllegalStateException("not decoded");
        }
        return gate.look(packet, 0);
    }

    /** What each epoch costs once, on a thread of its own. */
    @Benchmark
    public PeerBook.EpochTable newTable() {
        return peers.table(EPOCH, HASH_KEY);
    }

    private int number() {
        next = (next + 1) & (STRANGERS - 1);
        return next;
    }
}
