package tirl.daemon.spa;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import tirl.packet.Address;
import tirl.packet.DecodeOutcome;
import tirl.packet.LinkType;
import tirl.packet.Packet;
import tirl.packet.PacketDecoder;

/** Puts a payload into a UDP datagram or an echo request to this host and through the decoder, as the wire does. */
public final class Carriers {
    static final Address SERVER4 = Address.parse("10.0.0.1").orElseThrow();
    static final Address SERVER6 = Address.parse("fd00::1").orElseThrow();
    static final int PORT = 40000;

    private final Packet packet = new Packet();
    private final PacketDecoder decoder = new PacketDecoder(packet);

    /** An empty packet. */
    public Carriers() {}

    /** To a port of {@link #SERVER4} or {@link #SERVER6}. */
    public Packet udp(Address source, int port, byte[] payload) {
        byte[] transport = ByteBuffer.allocate(8 + payload.length)
                .putShort((short) PORT)
                .putShort((short) port)
                .putShort((short) (8 + payload.length))
                .putShort((short) 0)
                .put(payload)
                .array();
        return frame(source, 17, transport);
    }

    Packet echo(Address source, int numbers, byte[] payload) {
        byte[] transport = ByteBuffer.allocate(8 + payload.length)
                .put((byte) (source.isIpv4() ? 8 : 128))
                .position(4)
                .putInt(numbers)
                .put(payload)
                .array();
        return frame(source, source.isIpv4() ? 1 : 58, transport);
    }

    private Packet frame(Address source, int protocol, byte[] transport) {
        ByteBuffer frame = ByteBuffer.allocate(40 + transport.length);
        if (source.isIpv4()) {
            frame.putShort((short) 0x4500)
                    .putShort((short) (20 + transport.length))
                    .putInt(0)
                    .put((byte) 64)
                    .put((byte) protocol)
                    .putShort((short) 0)
                    .put(source.bytes())
                    .put(SERVER4.bytes());
        } else {
            frame.putInt(0x6000_0000)
                    .putShort((short) transport.length)
                    .put((byte) protocol)
                    .put((byte) 64)
                    .put(source.bytes())
                    .put(SERVER6.bytes());
        }
        frame.put(transport);
        DecodeOutcome outcome =
                decoder.decode(MemorySegment.ofArray(frame.array()), 0, frame.position(), LinkType.RAW_IP);
        if (outcome != DecodeOutcome.DECODED) {
            throw new IllegalStateException(outcome.toString());
        }
        return packet;
    }
}
