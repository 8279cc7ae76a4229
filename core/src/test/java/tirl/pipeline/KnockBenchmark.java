package tirl.pipeline;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import tirl.config.Config;
import tirl.door.Door;
import tirl.event.Event;
import tirl.event.EventSink;
import tirl.grant.Policy;
import tirl.packet.DecodeOutcome;
import tirl.packet.LinkType;
import tirl.packet.Packet;
import tirl.packet.PacketDecoder;
import tirl.recognise.Doors;
import tirl.recognise.SequenceRecogniser;
import tirl.recognise.Timed;

/**
 * From a frame outside the heap through decoder, recogniser, policy and lease, 10,000 frames a second by the daemon's clock, with its tick each
 * second. The kernel is a map.
 */
public class KnockBenchmark extends Timed {
    private static final int UNCONCERNED = 12_345;
    private static final int FIRST = 7000;
    private static final int[] SEQUENCE = {FIRST, 9000, 8000};
    /** Its leases fit into the default limits. */
    private static final int HONEST = 1_000;

    /** For JMH. */
    public KnockBenchmark() {}

    /** A daemon without a daemon. */
    @State(Scope.Benchmark)
    public static class Host {
        private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
        private static final ValueLayout.OfShort SHORT =
                ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
        private static final int SOURCE_AT = 26;
        private static final int PORT_AT = 36;
        private static final long PACE_NS = 100_000;
        private static final int TICK = 10_000;

        private final MemorySegment frame = Arena.global().allocate(54);
        private final Packet packet = new Packet();
        private final PacketDecoder decoder = new PacketDecoder(packet);
        private final Pipeline pipeline;
        private long nowNs;
        private int frames;
        private int number;

        @Nullable
        Event last;

        /** For JMH. */
        public Host() {
            byte[] octets = HexFormat.of()
                    .parseHex(("020000000001 020000000002 0800 4500 0028 0001 0000 4006 0000 0a630002 0a630001"
                                    + "9c40 1b58 00000001 00000000 5002 faf0 0000 0000")
                            .replace(" ", ""));
            frame.copyFrom(MemorySegment.ofArray(octets));
            Config config = Doors.config(List.of(unhurried(Doors.door("ops", "tcp/7000 tcp/9000 tcp/8000"))));
            pipeline = new Pipeline(
                    new SequenceRecogniser(config, 42),
                    new Policy(config.limits()),
                    new FakeFirewall(),
                    new EventSink() {
                        @Override
                        public boolean wantsProgress() {
                            return false;
                        }

                        @Override
                        public void accept(Event event) {
                            last = event;
                        }
                    });
        }

        /** The clock runs fast here, and nobody's first knock is to be forgotten because of that. */
        private static Door unhurried(Door door) {
            return new Door(
                    door.name(),
                    door.sequence(),
                    Duration.ofDays(365),
                    door.opens(),
                    door.lease(),
                    door.flags(),
                    door.strict(),
                    door.tolerateRepeat(),
                    door.hooks(),
                    door.oneTimeFile());
        }

        /** The next of so many sources. */
        int source(int sources) {
            number = number + 1 >= sources ? 0 : number + 1;
            // Odd, so no two numbers give one address, and neighbours are far apart.
            return number * 0x9e37_79b1;
        }

        void send(int source, int port) {
            frame.set(INT, SOURCE_AT, source);
            frame.set(SHORT, PORT_AT, (short) port);
            nowNs += PACE_NS;
            if (decoder.decode(frame, 0, 54, LinkType.ETHERNET) != DecodeOutcome.DECODED) {
                throw new IllegalStateException("not decoded");
            }
            pipeline.on(packet, nowNs);
            if (++frames == TICK) {
                frames = 0;
                pipeline.tick(nowNs);
            }
        }
    }

    /** Strangers who have all knocked once. */
    @State(Scope.Benchmark)
    public static class Strangers {
        @Param({"1000", "100000"})
        int sources;

        /** For JMH. */
        public Strangers() {}

        @Setup
        public void knock(Host host) {
            for (int i = 0; i < sources; i++) {
                host.send(host.source(sources), FIRST);
            }
            if (host.pipeline.halfDone() != Math.min(sources, Config.Limits.DEFAULT.halfDone())) {
                throw new IllegalStateException(host.pipeline.halfDone() + " half-done");
            }
        }
    }

    /** With more sources than the table has room for, each is a new entry and another one's end. */
    @Benchmark
    public int forgedFirst(Host host, Strangers strangers) {
        host.send(host.source(strangers.sources), FIRST);
        return host.pipeline.halfDone();
    }

    /** From sources that are not in the table, beside those that are. */
    @Benchmark
    public int unconcerned(Host host, Strangers strangers) {
        host.send(host.source(strangers.sources) ^ 0x8000_0000, UNCONCERNED);
        return host.pipeline.halfDone();
    }

    /** All three packets: a lease is opened or extended. */
    @Benchmark
    public @Nullable Event wholeSequence(Host host) {
        int source = host.source(HONEST);
        for (int port : SEQUENCE) {
            host.send(source, port);
        }
        return host.last;
    }
}
