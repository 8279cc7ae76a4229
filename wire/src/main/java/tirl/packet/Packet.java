package tirl.packet;

/**
 * One decoded packet. A reusable holder: {@link PacketDecoder} overwrites it for every frame, so nobody keeps one;
 * what must live longer is copied out as {@link Address}. Not safe for use by several threads.
 */
public final class Packet {
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    Transport transport = Transport.UDP;
    int sourcePort;
    int destinationPort;
    int tcpFlags;
    int icmpType;
    int payloadLength;

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
}
