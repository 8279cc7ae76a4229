package tirl.recognise;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import tirl.packet.Address;
import tirl.packet.DecodeOutcome;
import tirl.packet.LinkType;
import tirl.packet.Packet;
import tirl.packet.PacketDecoder;
import tirl.packet.TcpFlags;

/** Makes packets for tests the way the wire does: as frames that go through the decoder. */
public final class Frames {
    private static final Address SERVER4 = Address.parse("10.0.0.1").orElseThrow();
    private static final Address SERVER6 = Address.parse("fd00::1").orElseThrow();

    private final Packet packet = new Packet();
    private final PacketDecoder decoder = new PacketDecoder(packet);

    /** One packet holder. */
    public Frames() {}

    /**
     * A packet from {@code source}: {@code tcp/7000} (a SYN), {@code tcp/7000:fin}, {@code udp/8000}, {@code echo/64},
     * {@code reply/64}. The packet is overwritten by the next call.
     */
    public Packet packet(Address source, String what) {
        return packet(source, source.isIpv4() ? SERVER4 : SERVER6, what);
    }

    /** The same to another destination than the server's usual address. */
    public Packet packet(Address source, Address to, String what) {
        String[] kindAndRest = what.split("[/:]", 3);
        int number = Integer.parseInt(kindAndRest[1]);
        byte[] transport = switch (kindAndRest[0]) {
            case "tcp" -> tcp(number, kindAndRest.length > 2 ? flags(kindAndRest[2]) : TcpFlags.SYN);
            case "udp" -> udp(number);
            case "echo" -> icmp(source.isIpv4() ? 8 : 128, number);
            case "reply" -> icmp(source.isIpv4() ? 0 : 129, number);
            default -> throw new IllegalArgumentException(what);
        };
        int protocol = switch (kindAndRest[0]) {
            case "tcp" -> 6;
            case "udp" -> 17;
            default -> source.isIpv4() ? 1 : 58;
        };
        byte[] frame = source.isIpv4() ? ipv4(source, to, protocol, transport) : ipv6(source, to, protocol, transport);
        DecodeOutcome outcome = decoder.decode(MemorySegment.ofArray(frame), 0, frame.length, LinkType.RAW_IP);
        if (outcome != DecodeOutcome.DECODED) {
            throw new IllegalStateException(what + ": " + outcome);
        }
        return packet;
    }

    private static int flags(String words) {
        int flags = 0;
        for (String word : words.split(",", -1)) {
            flags |= tirl.door.FlagCondition.NAMES.getOrDefault(word, 0);
        }
        return flags;
    }

    private static byte[] tcp(int port, int flags) {
        return ByteBuffer.allocate(20)
                .putShort((short) 40000)
                .putShort((short) port)
                .putLong(0)
                .put((byte) 0x50)
                .put((byte) flags)
                .array();
    }

    private static byte[] udp(int port) {
        return ByteBuffer.allocate(9)
                .putShort((short) 40000)
                .putShort((short) port)
                .putShort((short) 9)
                .array();
    }

    private static byte[] icmp(int type, int payload) {
        return ByteBuffer.allocate(8 + payload).put((byte) type).array();
    }

    private static byte[] ipv4(Address source, Address to, int protocol, byte[] transport) {
        return ByteBuffer.allocate(20 + transport.length)
                .put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) (20 + transport.length))
                .putInt(0)
                .put((byte) 64)
                .put((byte) protocol)
                .putShort((short) 0)
                .put(source.bytes())
                .put(to.bytes())
                .put(transport)
                .array();
    }

    private static byte[] ipv6(Address source, Address to, int protocol, byte[] transport) {
        return ByteBuffer.allocate(40 + transport.length)
                .putInt(0x6000_0000)
                .putShort((short) transport.length)
                .put((byte) protocol)
                .put((byte) 64)
                .put(source.bytes())
                .put(to.bytes())
                .put(transport)
                .array();
    }
}
