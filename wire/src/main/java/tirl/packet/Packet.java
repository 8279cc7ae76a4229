package tirl.packet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * One decoded packet. A reusable holder: {@link PacketDecoder} overwrites it for every frame, so nobody keeps one;
 * what must live longer is copied out as {@link Address}. Not safe for use by several threads.
 */
public final class Packet {
    private static final ValueLayout.OfLong LONG_BE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    Transport transport = Transport.UDP;
    int sourcePort;
    int destinationPort;
    int tcpFlags;
    int icmpType;
    int icmpRest;
    int payloadLength;
    MemorySegment frame = MemorySegment.NULL;
    long payloadAt;
    int payloadCaptured;

    /** An all-zero packet, for a decoder to fill. */
    public Packet() {}

    public long sourceHigh() {
        return sourceHigh;
    }

    public long sourceLow() {
        return sourceLow;
    }

    public long destinationHigh() {
        return destinationHigh;
    }

    public long destinationLow() {
        return destinationLow;
    }

    public Address source() {
        return new Address(sourceHigh, sourceLow);
    }

    public Address destination() {
        return new Address(destinationHigh, destinationLow);
    }

    public boolean isIpv4() {
        return Address.isIpv4(sourceHigh, sourceLow);
    }

    public Transport transport() {
        return transport;
    }

    /** 0 for ICMP. */
    public int sourcePort() {
        return sourcePort;
    }

    /** 0 for ICMP. */
    public int destinationPort() {
        return destinationPort;
    }

    /** Bits of {@link TcpFlags}; 0 unless TCP. */
    public int tcpFlags() {
        return tcpFlags;
    }

    /** The type field of ICMPv4 or ICMPv6 as it is on the wire; 0 unless ICMP. */
    public int icmpType() {
        return icmpType;
    }

    /** Identifier and sequence number of an echo packet, 16 bits each; 0 unless ICMP. */
    public int echoNumbers() {
        return icmpRest;
    }

    /** An echo request of either family: type 8 (RFC 792) or 128 (RFC 4443). */
    public boolean isEchoRequest() {
        return transport == Transport.ICMP && icmpType == (isIpv4() ? 8 : 128);
    }

    /** An echo reply of either family: type 0 (RFC 792) or 129 (RFC 4443). */
    public boolean isEchoReply() {
        return transport == Transport.ICMP && icmpType == (isIpv4() ? 0 : 129);
    }

    /** Octets after the TCP, UDP or 8-octet ICMP header, by the IP length field, captured or not. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Octets of the payload that are at hand: fewer than its length when the capture cut the frame short. */
    public int payloadCaptured() {
        return payloadCaptured;
    }

    /** Eight octets of the payload in network order, read in place. All of them have to be captured. */
    public long payloadLong(int offset) {
        if (offset < 0 || offset > payloadCaptured - Long.BYTES) {
            throw new IndexOutOfBoundsException(offset);
        }
        return frame.get(LONG_BE, payloadAt + offset);
    }

    /** A copy of the captured payload, which may outlive the packet. */
    public byte[] payload() {
        return frame.asSlice(payloadAt, payloadCaptured).toArray(JAVA_BYTE);
    }
}
