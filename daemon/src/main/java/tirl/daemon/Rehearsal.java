package tirl.daemon;

import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import tirl.config.Config;
import tirl.config.Config.Limits;
import tirl.daemon.log.Log;
import tirl.daemon.practice.Cast;
import tirl.daemon.practice.Strangers;
import tirl.door.Door;
import tirl.door.FlagCondition;
import tirl.door.Hooks;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.door.Step;
import tirl.event.Event;
import tirl.event.EventSink;
import tirl.grant.Firewall;
import tirl.grant.FirewallException;
import tirl.grant.Lease;
import tirl.grant.Policy;
import tirl.linux.capture.FrameHandler;
import tirl.packet.Address;
import tirl.packet.LinkType;
import tirl.packet.TcpFlags;
import tirl.packet.Transport;
import tirl.pipeline.Pipeline;
import tirl.recognise.SequenceRecogniser;

/**
 * Plays one knock from frame to kernel before the first real one comes: a JVM loads and links code at its first use, which
 * would cost the first client some tens of milliseconds, and compiles it only after hundreds. The knock is for a door of its
 * own and from an address of TEST-NET (RFC 5737), which no client has; nothing is open when {@link #play} returns.
 */
final class Rehearsal {
    private static final Address NOBODY = Address.parse("192.0.2.1").orElseThrow();
    /** An address of this host. */
    private static final Address LOOPBACK = Address.parse("127.0.0.1").orElseThrow();

    private static final int DESTINATION_AT = 30;

    private static final int STRANGERS_EACH = 3;
    /** So few that the table first grows, and then is full, while the JVM still counts what happens how often. */
    private static final Limits BOUNDS = new Limits(512, 1, 1);

    private static final int MOST_LOCAL = 3;

    private static final int SOURCE_AT = 26;
    private static final byte TCP = 6;
    private static final byte UDP = 17;
    private static final int PORT = 1;
    private static final List<Integer> KNOCKS = List.of(2, 4, 3);
    private static final ValueLayout.OfInt ADDRESS = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int LENGTH = 14 + 20 + 20;

    /** In turn, each with its part of the cast. */
    private final List<Played> plays;

    private final List<MemorySegment> frames;
    private final MemorySegment first = syn(KNOCKS.getFirst());
    private final MemorySegment wrong = syn(PORT + 4);
    private final MemorySegment datagram = frame(PORT + 4, NOBODY, LOOPBACK, UDP);
    private final MemorySegment elsewhere = frame(PORT + 4, NOBODY, NOBODY, TCP);
    /** Of this host, in turn. */
    private final List<Address> destinations;

    private int number;
    private int turn;
    private int strangers;
    private boolean watched = true;

    private record Played(Pipeline pipeline, FrameHandler intake) {}

    /**
     * @param firewall the real one, so that its netlink messages are rehearsed too
     * @param local addresses of this host
     * @param intakeOf what takes frames for this pipeline
     */
    Rehearsal(Config config, Firewall firewall, List<Address> local, Function<Pipeline, FrameHandler> intakeOf) {
        destinations = Stream.concat(Stream.of(LOOPBACK), local.stream().limit(MOST_LOCAL))
                .toList();
        Service service = new Service("rehearsal", List.of(new ServicePort(Transport.TCP, PORT)));
        Door door = new Door(
                "rehearsal",
                KNOCKS.stream().<Step>map(Step.Tcp::new).toList(),
                Duration.ofSeconds(1),
                List.of(service),
                Duration.ofSeconds(1),
                FlagCondition.CONNECT,
                true,
                true,
                Hooks.NONE,
                Optional.empty());
        Config own = config.withDoors(List.of(door)).withLimits(BOUNDS);
        plays = Cast.three(firewall::rehearse, new Watched()).stream()
                .map(cast -> {
                    Pipeline pipeline = new Pipeline(
                            new SequenceRecogniser(own, 0),
                            new Policy(Limits.DEFAULT),
                            cast.firewall(),
                            cast.ledger(),
                            cast.events());
                    return new Played(pipeline, intakeOf.apply(pipeline));
                })
                .toList();
        frames = KNOCKS.stream().map(Rehearsal::syn).toList();
    }

    /** Takes less than a millisecond once it was played some times. */
    void play() throws FirewallException {
        number++;
        turn = number % plays.size();
        byte[] destination = destinations.get(number % destinations.size()).bytes();
        frames.forEach(frame -> {
            MemorySegment.copy(destination, 0, frame, ValueLayout.JAVA_BYTE, DESTINATION_AT, destination.length);
            take(frame);
        });
        Pipeline pipeline = plays.get(turn).pipeline();
        for (Lease lease : pipeline.leases()) {
            pipeline.revoke(lease, System.nanoTime());
        }
        pass();
    }

    /**
     * What a flood consists of, or compiled code would be thrown away in its midst for what never came before: first knocks of more
     * strangers than there is room for, the same once more, one that touches another port; and what is not TCP, or for another host. Nobody
     * watches then.
     */
    private void pass() {
        watched = false;
        for (int i = 0; i < STRANGERS_EACH; i++) {
            strangers++;
            first.set(ADDRESS, SOURCE_AT, Strangers.ipv4(strangers));
            take(first);
        }
        take(first);
        wrong.set(ADDRESS, SOURCE_AT, Strangers.ipv4(strangers));
        take(wrong);
        take(datagram);
        take(elsewhere);
        watched = true;
    }

    private void take(MemorySegment frame) {
        plays.get(turn).intake().onFrame(frame, 0, LENGTH, LinkType.ETHERNET);
    }

    /** From nobody to this host. */
    private static MemorySegment syn(int port) {
        return frame(port, NOBODY, LOOPBACK, TCP);
    }

    /** An Ethernet frame; a segment that begins a connection, or a datagram. */
    private static MemorySegment frame(int port, Address source, Address destination, byte transport) {
        ByteBuffer frame = ByteBuffer.allocate(LENGTH);
        frame.putShort(12, (short) 0x0800);
        frame.put(14, (byte) 0x45).putShort(16, (short) (LENGTH - 14)).put(23, transport);
        frame.put(SOURCE_AT, source.bytes()).put(DESTINATION_AT, destination.bytes());
        frame.putShort(36, (short) port);
        if (transport == UDP) {
            frame.putShort(38, (short) (LENGTH - 14 - 20));
        } else {
            frame.put(46, (byte) 0x50).put(47, (byte) TcpFlags.SYN);
        }
        return Arena.ofAuto().allocate(LENGTH).copyFrom(MemorySegment.ofArray(frame.array()));
    }

    /** Is told of progress only while somebody watches. */
    private final class Watched implements EventSink {
        private final Listening listening = new Listening();

        @Override
        public boolean wantsProgress() {
            return watched;
        }

        @Override
        public void accept(Event event) {
            listening.accept(event);
        }
    }

    /** Makes texts of the events and writes them to nobody. */
    static final class Listening implements EventSink {
        private final Log log = new Log(
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                Clock.systemUTC(),
                false);

        @Override
        public boolean wantsProgress() {
            return true;
        }

        @Override
        public void accept(Event event) {
            if (EventText.fields(event).isEmpty()) {
                throw new IllegalStateException("an event says something");
            }
            log.notice(EventText.line(event));
        }
    }
}
