package tirl.linux.reply;

import java.nio.ByteBuffer;
import tirl.packet.Address;

/**
 * A packet with its IP header, as a socket with IP_HDRINCL takes it: a UDP datagram (RFC 768) or an echo reply (RFC 792,
 * RFC 4443) with the ends of a packet that came in, turned round.
 */
final class ReplyPacket {
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int HEADER = 8;
    private static final int HOPS = 64;
    private static final int ICMP = 1;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final byte ECHO_REPLY = 0;
    private static final byte ECHO_REPLY_V6 = (byte) 129;

    private ReplyPacket() {}

    static byte[] udp(Endpoints ends, byte[] payload) {
        int at = ipHeader(ends);
        ByteBuffer packet = ByteBuffer.allocate(at + HEADER + payload.length);
        begin(packet, ends, UDP);
        packet.putShort((short) ends.localPort())
                .putShort((short) ends.remotePort())
                .putShort((short) (HEADER + payload.length))
                .putShort((short) 0)
                .put(payload);
        int sum = checksum(packet, at, pseudo(ends, UDP, HEADER + payload.length));
        // RFC 768: zero would say that there is no checksum.
        packet.putShort(at + 6, (short) (sum == 0 ? 0xffff : sum));
        return packet.array();
    }

    /** @param numbers identifier and sequence number of the request */
    static byte[] echo(Endpoints ends, int numbers, byte[] payload) {
        boolean v4 = ends.local().isIpv4();
        int at = ipHeader(ends);
        ByteBuffer packet = ByteBuffer.allocate(at + HEADER + payload.length);
        begin(packet, ends, v4 ? ICMP : ICMPV6);
        packet.put(v4 ? ECHO_REPLY : ECHO_REPLY_V6)
                .put((byte) 0)
                .putShort((short) 0)
                .putInt(numbers)
                .put(payload);
        int pseudo = v4 ? 0 : pseudo(ends, ICMPV6, HEADER + payload.length);
        packet.putShort(at + 2, (short) checksum(packet, at, pseudo));
        return packet.array();
    }

    private static int ipHeader(Endpoints ends) {
        return ends.local().isIpv4() ? IPV4_HEADER : IPV6_HEADER;
    }

    /** The IP header. The kernel fills in the identifier and the header checksum of IPv4 (raw(7)). */
    private static void begin(ByteBuffer packet, Endpoints ends, int protocol) {
        if (ends.local().isIpv4()) {
            packet.putShort((short) 0x4500)
                    .putShort((short) packet.capacity())
                    .putInt(0)
                    .put((byte) HOPS)
                    .put((byte) protocol)
                    .putShort((short) 0);
        } else {
            packet.putInt(0x6000_0000)
                    .putShort((short) (packet.capacity() - IPV6_HEADER))
                    .put((byte) protocol)
                    .put((byte) HOPS);
        }
        packet.put(ends.local().bytes()).put(ends.remote().bytes());
    }

    /** The sum over the addresses, the protocol and the length (RFC 768, RFC 8200 section 8.1). */
    private static int pseudo(Endpoints ends, int protocol, int length) {
        return words(ends.local()) + words(ends.remote()) + protocol + length;
    }

    private static int words(Address address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.bytes());
        int sum = 0;
        while (bytes.hasRemaining()) {
            sum += bytes.getShort() & 0xffff;
        }
        return sum;
    }

    /** RFC 1071 over what stands from {@code at} on, which is an even number of octets. */
    private static int checksum(ByteBuffer packet, int at, int pseudo) {
        int sum = pseudo;
        for (int i = at; i < packet.capacity(); i += 2) {
            sum += packet.getShort(i) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        return ~sum & 0xffff;
    }
}
