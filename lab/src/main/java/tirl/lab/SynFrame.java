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
    private static final int IP = 14;
    private static final int TCP = IP + 20;
    private static final int END = TCP + 20;

    private final MemorySegment bytes;

    SynFrame(Arena arena, String destinationMac, String destination) {
        bytes = arena.allocate(END);
        byte[] mac = HexFormat.ofDelimiter(":").parseHex(destinationMac);
        MemorySegment.copy(mac, 0, bytes, JAVA_BYTE, 0, mac.length);
        bytes.set(JAVA_BYTE, 6, (byte) 0x02); // source MAC 02:00:00:00:00:00, locally administered
        bytes.set(SHORT_BE, 12, (short) 0x0800);
        bytes.set(JAVA_BYTE, IP, (byte) 0x45);
        bytes.set(SHORT_BE, IP + 2, (short) (END - IP));
        bytes.set(JAVA_BYTE, IP + 8, (byte) 64); // time to live
        bytes.set(JAVA_BYTE, IP + 9, (byte) 6); // TCP
        byte[] to = InetAddress.ofLiteral(destination).getAddress();
        MemorySegment.copy(to, 0, bytes, JAVA_BYTE, IP + 16, to.length);
        bytes.set(JAVA_BYTE, TCP + 12, (byte) 0x50); // header of five words
        bytes.set(JAVA_BYTE, TCP + 13, (byte) 0x02); // SYN
        bytes.set(SHORT_BE, TCP + 14, (short) 1024); // window
    }

    /** The frame from this source to this port; valid until the next call. */
    MemorySegment from(int source, int port) {
        bytes.set(INT_BE, IP + 12, source);
        bytes.set(SHORT_BE, IP + 10, (short) 0);
        bytes.set(SHORT_BE, IP + 10, (short) ~folded(sum(IP, TCP)));
        bytes.set(SHORT_BE, TCP, (short) (1024 + (source & 0x7fff)));
        bytes.set(SHORT_BE, TCP + 2, (short) port);
        bytes.set(INT_BE, TCP + 4, source * 0x9e3779b9); // any sequence number will do
        bytes.set(SHORT_BE, TCP + 16, (short) 0);
        // The pseudo header of RFC 9293 section 3.1: both addresses, the protocol, the length.
        int pseudo = sum(IP + 12, TCP) + 6 + (END - TCP);
        bytes.set(SHORT_BE, TCP + 16, (short) ~folded(pseudo + sum(TCP, END)));
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
