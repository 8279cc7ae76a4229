package tirl.packet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Reads a frame in place. Every read is checked against the captured length first, every loop has a stated bound, and
 * nothing is allocated.
 */
public final class PacketDecoder {
    /** Q-in-Q uses two tags; more are a way to make us work, so they are not IP to us. */
    private static final int MAX_VLAN_TAGS = 2;
    /** RFC 8200 names six kinds of extension header; a longer chain only serves to evade or to exhaust. */
    private static final int MAX_EXTENSION_HEADERS = 8;

    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_IPV6 = 0x86dd;
    private static final int ICMP_PROTOCOL = 1;
    private static final int TCP_PROTOCOL = 6;
    private static final int UDP_PROTOCOL = 17;
    private static final int ICMPV6_PROTOCOL = 58;
    private static final int IPV6_HEADER = 40;

    private static final ValueLayout.OfShort SHORT_BE =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT_BE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG_BE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Packet packet;
    private MemorySegment memory = MemorySegment.NULL;
    private long at;
    private long end;

    /** A decoder that overwrites {@code packet} with every frame it decodes. */
    public PacketDecoder(Packet packet) {
        this.packet = packet;
    }

    /**
     * Decodes the frame of {@code captured} octets at {@code offset} of {@code memory}. The packet holds a result only
     * when the outcome is {@link DecodeOutcome#DECODED}.
     */
    public DecodeOutcome decode(MemorySegment memory, long offset, int captured, LinkType link) {
        this.memory = memory;
        at = offset;
        end = offset + captured;
        return switch (link) {
            case ETHERNET -> linkHeader(14, 12);
            // libpcap documents: SLL has its protocol at octet 14 of 16, SLL2 at octet 0 of 20.
            case LINUX_SLL -> linkHeader(16, 14);
            case LINUX_SLL2 -> linkHeader(20, 0);
            case NULL, LOOP -> skip(4) ? ipByVersion() : DecodeOutcome.TRUNCATED;
            case RAW_IP -> ipByVersion();
        };
    }

    private DecodeOutcome linkHeader(int length, int protocolAt) {
        if (end - at < length) {
            return DecodeOutcome.TRUNCATED;
        }
        int etherType = u16(at + protocolAt);
        at += length;
        for (int tags = 0; isVlanTag(etherType); tags++) {
            if (tags == MAX_VLAN_TAGS) {
                return DecodeOutcome.NOT_IP;
            }
            if (end - at < 4) {
                return DecodeOutcome.TRUNCATED;
            }
            etherType = u16(at + 2);
            at += 4;
        }
        return switch (etherType) {
            case ETHERTYPE_IPV4 -> ipv4();
            case ETHERTYPE_IPV6 -> ipv6();
            default -> DecodeOutcome.NOT_IP;
        };
    }

    private static boolean isVlanTag(int etherType) {
        return etherType == 0x8100 || etherType == 0x88a8 || etherType == 0x9100;
    }

    private DecodeOutcome ipByVersion() {
        if (at >= end) {
            return DecodeOutcome.TRUNCATED;
        }
        return switch (u8(at) >> 4) {
            case 4 -> ipv4();
            case 6 -> ipv6();
            default -> DecodeOutcome.NOT_IP;
        };
    }

    private DecodeOutcome ipv4() {
        if (end - at < 20) {
            return DecodeOutcome.TRUNCATED;
        }
        int versionAndLength = u8(at);
        int header = (versionAndLength & 0xf) * 4;
        int total = u16(at + 2);
        if (versionAndLength >> 4 != 4 || header < 20 || total < header) {
            return DecodeOutcome.MALFORMED;
        }
        if ((u16(at + 6) & 0x3fff) != 0) { // more-fragments bit or an offset
            return DecodeOutcome.FRAGMENT;
        }
        packet.sourceHigh = 0;
        packet.sourceLow = Address.IPV4_PREFIX | Integer.toUnsignedLong(memory.get(INT_BE, at + 12));
        packet.destinationHigh = 0;
        packet.destinationLow = Address.IPV4_PREFIX | Integer.toUnsignedLong(memory.get(INT_BE, at + 16));
        int protocol = u8(at + 9);
        return skip(header) ? transport(protocol, total - header, ICMP_PROTOCOL) : DecodeOutcome.TRUNCATED;
    }

    private DecodeOutcome ipv6() {
        if (end - at < IPV6_HEADER) {
            return DecodeOutcome.TRUNCATED;
        }
        if (u8(at) >> 4 != 6) {
            return DecodeOutcome.MALFORMED;
        }
        packet.sourceHigh = memory.get(LONG_BE, at + 8);
        packet.sourceLow = memory.get(LONG_BE, at + 16);
        packet.destinationHigh = memory.get(LONG_BE, at + 24);
        packet.destinationLow = memory.get(LONG_BE, at + 32);
        int left = u16(at + 4);
        int next = u8(at + 6);
        at += IPV6_HEADER;
        // A mapped source on the wire would pass for an IPv4 client that it is not (RFC 4038 section 4.2).
        if (packet.isIpv4()) {
            return DecodeOutcome.MALFORMED;
        }
        for (int headers = 0; isExtensionHeader(next); headers++) {
            if (headers == MAX_EXTENSION_HEADERS) {
                return DecodeOutcome.OTHER_PROTOCOL;
            }
            if (end - at < 8) {
                return DecodeOutcome.TRUNCATED;
            }
            // RFC 6946: a fragment header that fragments nothing is allowed.
            if (next == 44 && (u16(at + 2) & 0xfff9) != 0) {
                return DecodeOutcome.FRAGMENT;
            }
            int length = extensionLength(next, u8(at + 1));
            next = u8(at);
            left -= length;
            if (left < 0) {
                return DecodeOutcome.MALFORMED;
            }
            if (!skip(length)) {
                return DecodeOutcome.TRUNCATED;
            }
        }
        return transport(next, left, ICMPV6_PROTOCOL);
    }

    /** Hop-by-hop, routing, fragment, authentication, destination options (RFC 8200 section 4, RFC 4302). */
    private static boolean isExtensionHeader(int next) {
        return next == 0 || next == 43 || next == 44 || next == 51 || next == 60;
    }

    private static int extensionLength(int header, int lengthField) {
        return switch (header) {
            case 44 -> 8;
            case 51 -> (lengthField + 2) * 4;
            default -> (lengthField + 1) * 8;
        };
    }

    /** {@code left} is the number of octets that the IP header claims from here on. */
    private DecodeOutcome transport(int protocol, int left, int icmpProtocol) {
        packet.sourcePort = 0;
        packet.destinationPort = 0;
        packet.tcpFlags = 0;
        packet.icmpType = 0;
        packet.icmpRest = 0;
        if (protocol == TCP_PROTOCOL) {
            return tcp(left);
        }
        if (protocol == UDP_PROTOCOL) {
            return udp(left);
        }
        return protocol == icmpProtocol ? icmp(left) : DecodeOutcome.OTHER_PROTOCOL;
    }

    private DecodeOutcome tcp(int left) {
        if (end - at < 20) {
            return DecodeOutcome.TRUNCATED;
        }
        int header = (u8(at + 12) >> 4) * 4;
        if (header < 20 || left < header) {
            return DecodeOutcome.MALFORMED;
        }
        packet.transport = Transport.TCP;
        ports();
        packet.tcpFlags = u8(at + 13) & 0x3f;
        payload(header, left - header);
        return DecodeOutcome.DECODED;
    }

    private DecodeOutcome udp(int left) {
        if (end - at < 8) {
            return DecodeOutcome.TRUNCATED;
        }
        int length = u16(at + 4);
        if (length < 8 || length > left) {
            return DecodeOutcome.MALFORMED;
        }
        packet.transport = Transport.UDP;
        ports();
        payload(8, length - 8);
        return DecodeOutcome.DECODED;
    }

    private DecodeOutcome icmp(int left) {
        if (end - at < 8) {
            return DecodeOutcome.TRUNCATED;
        }
        if (left < 8) {
            return DecodeOutcome.MALFORMED;
        }
        packet.transport = Transport.ICMP;
        packet.icmpType = u8(at);
        packet.icmpRest = memory.get(INT_BE, at + 4);
        payload(8, left - 8);
        return DecodeOutcome.DECODED;
    }

    /** Link padding may follow the payload, and a capture may end before it does. */
    private void payload(int header, int length) {
        packet.frame = memory;
        packet.payloadAt = at + header;
        packet.payloadLength = length;
        packet.payloadCaptured = Math.clamp(end - at - header, 0, length);
    }

    private void ports() {
        packet.sourcePort = u16(at);
        packet.destinationPort = u16(at + 2);
    }

    private boolean skip(int length) {
        at += length;
        return at <= end;
    }

    private int u8(long offset) {
        return memory.get(JAVA_BYTE, offset) & 0xff;
    }

    private int u16(long offset) {
        return memory.get(SHORT_BE, offset) & 0xffff;
    }
}
