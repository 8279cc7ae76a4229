package tirl.lab;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** One Ethernet frame with an IPv4 header and a TCP SYN, whose source is changed in place before every sending. */
final class SynFrame {
    private static final ValueLayout.OfInt INT_BE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort SHORT_BE =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int ETHERNET = 14;
    private static final int VLAN_TAG = 4;

    private final MemorySegment bytes;
    /** Offsets of the IPv4 header, the TCP header and the end. */
    private final int ip;

    private final int tcp;
    private final int end;

    /** A frame without a tag, or, when {@code vlan} is positive, with an IEEE 802.1Q tag of that number. */
    SynFrame(Arena arena, String destinationMac, String destination, int vlan) {
        ip = ETHERNET + (vlan > 0 ? VLAN_TAG : 0);
        tcp = ip + 20;
        end = tcp + 20;
        bytes = arena.allocate(end);
        byte[] mac = HexFormat.ofDelimiter(":").parseHex(destinationMac);
        MemorySegment.copy(mac, 0, bytes, JAVA_BYTE, 0, mac.length);
        bytes.set(JAVA_BYTE, 6, (byte) 0x02); // source MAC 02:00:00:00:00:00, locally administered
        if (vlan > 0) {
            bytes.set(SHORT_BE, 12, (short) 0x8100);
            bytes.set(SHORT_BE, 14, (short) vlan);
        }
        bytes.set(SHORT_BE, ip - 2, (short) 0x0800);
        bytes.set(JAVA_BYTE, ip, (byte) 0x45);
        bytes.set(SHORT_BE, ip + 2, (short) (end - ip));
        bytes.set(JAVA_BYTE, ip + 8, (byte) 64); // time to live
        bytes.set(JAVA_BYTE, ip + 9, (byte) 6); // TCP
        byte[] to = InetAddress.ofLiteral(destination).getAddress();
        MemorySegment.copy(to, 0, bytes, JAVA_BYTE, ip + 16, to.length);
        bytes.set(JAVA_BYTE, tcp + 12, (byte) 0x50); // header of five words
        bytes.set(JAVA_BYTE, tcp + 13, (byte) 0x02); // SYN
        bytes.set(SHORT_BE, tcp + 14, (short) 1024); // window
    }

    /** The frame from this source to this port; valid until the next call. */
    MemorySegment from(int source, int port) {
        bytes.set(INT_BE, ip + 12, source);
        bytes.set(SHORT_BE, ip + 10, (short) 0);
        bytes.set(SHORT_BE, ip + 10, (short) ~folded(sum(ip, tcp)));
        bytes.set(SHORT_BE, tcp, (short) (1024 + (source & 0x7fff)));
        bytes.set(SHORT_BE, tcp + 2, (short) port);
        bytes.set(INT_BE, tcp + 4, source * 0x9e3779b9); // any sequence number will do
        bytes.set(SHORT_BE, tcp + 16, (short) 0);
        // The pseudo header of RFC 9293 section 3.1: both addresses, the protocol, the length.
        int pseudo = sum(ip + 12, tcp) + 6 + (end - tcp);
        bytes.set(SHORT_BE, tcp + 16, (short) ~folded(pseudo + sum(tcp, end)));
        return bytes;
    }

    private int sum(int from, int to) {
        int sum = 0;
        for (int at = from; at < to; at += 2) {
            sum += bytes.get(SHORT_BE, at) & 0xffff;
        }
        return sum;
    }

    private static int folded(int sum) {
        int once = (sum & 0xffff) + (sum >>> 16);
        return (once & 0xffff) + (once >>> 16);
    }
}
