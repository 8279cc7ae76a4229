package tirl.daemon;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tirl.config.Config;
import tirl.config.Config.Limits;
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
import tirl.grant.Opening;
import tirl.grant.Policy;
import tirl.packet.Address;
import tirl.packet.DecodeOutcome;
import tirl.packet.LinkType;
import tirl.packet.Packet;
import tirl.packet.PacketDecoder;
import tirl.packet.TcpFlags;
import tirl.packet.Transport;
import tirl.pipeline.Pipeline;
import tirl.recognise.SequenceRecogniser;

/**
 * Plays one knock from frame to kernel before the first real one comes: a JVM loads and links code at its first use, which
 * would cost the first client some tens of milliseconds. The knock is for a door of its own and for an address of TEST-NET
 * (RFC 5737), which no client has; its lease is taken back at once.
 */
final class Rehearsal {
    private static final Address NOBODY = Address.parse("192.0.2.1").orElseThrow();
    private static final int PORT = 1;

    private Rehearsal() {}

    /** The real firewall, so that its first netlink message is behind us too. */
    static void play(Config config, Firewall firewall) throws FirewallException {
        Service service = new Service("rehearsal", List.of(new ServicePort(Transport.TCP, PORT)));
        Door door = new Door(
                "rehearsal",
                List.of(new Step.Tcp(2), new Step.Udp(4), new Step.Tcp(3)),
                Duration.ofSeconds(1),
                List.of(service),
                Duration.ofSeconds(1),
                FlagCondition.CONNECT,
                true,
                true,
                Hooks.NONE,
                Optional.empty());
        Config own = config.withDoors(List.of(door));
        Pipeline pipeline =
                new Pipeline(new SequenceRecogniser(own, 0), new Policy(Limits.DEFAULT), firewall, new Listening());
        Packet packet = new Packet();
        PacketDecoder decoder = new PacketDecoder(packet);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(64);
            for (byte[] frame : List.of(frame(6, 2), frame(17, 4), frame(6, 3))) {
                MemorySegment.copy(MemorySegment.ofArray(frame), 0, memory, 0, frame.length);
                if (decoder.decode(memory, 0, frame.length, LinkType.ETHERNET) == DecodeOutcome.DECODED) {
                    pipeline.on(packet, System.nanoTime());
                }
            }
        } finally {
            firewall.close(List.of(new Opening(NOBODY, service.ports().getFirst())));
        }
    }

    /** An Ethernet frame from nobody: a SYN, or a datagram of one octet. */
    private static byte[] frame(int protocol, int port) {
        int transport = protocol == 6 ? 20 : 9;
        ByteBuffer frame = ByteBuffer.allocate(14 + 20 + transport);
        frame.putShort(12, (short) 0x0800);
        frame.put(14, (byte) 0x45).putShort(16, (short) (20 + transport)).put(23, (byte) protocol);
        frame.put(26, NOBODY.bytes()).put(30, NOBODY.bytes());
        frame.putShort(36, (short) port);
        if (protocol == 6) {
            frame.put(46, (byte) 0x50).put(47, (byte) TcpFlags.SYN);
        } else {
            frame.putShort(38, (short) transport);
        }
        return frame.array();
    }

    /** Makes texts of the events and throws them away. */
    private static final class Listening implements EventSink {
        @Override
        public boolean wantsProgress() {
            return true;
        }

        @Override
        public void accept(Event event) {
            if (EventText.line(event).isEmpty() || EventText.fields(event).isEmpty()) {
                throw new IllegalStateException("an event says something");
            }
        }
    }
}
