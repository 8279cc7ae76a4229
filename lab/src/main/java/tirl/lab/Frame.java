package tirl.lab;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * One hand-made packet of a script: when it leaves, counted from the script's start, and what it is. The source may be
 * any address, so that one sender can be many hosts.
 *
 * @param protocol {@code tcp} or {@code udp}
 * @param flags the TCP flags as in the header, of no meaning for UDP
 */
public record Frame(long atMicros, String source, String destination, String protocol, int port, int flags) {
    public static final int FIN = 1;
    public static final int SYN = 2;
    public static final int RST = 4;
    public static final int PSH = 8;
    public static final int ACK = 16;
    public static final int URG = 32;

    private static final int TCP_NUMBER = 6;
    private static final int UDP_NUMBER = 17;
    private static final int IPV6_HEADER = 40;
    private static final int IPV4_HEADER = 20;
    private static final int ETHERNET_HEADER = 14;
    /** 02:00:00:00:00:00, locally administered. */
    private static final byte[] SOURCE_MAC = {2, 0, 0, 0, 0, 0};

    /** One TCP SYN. */
    public static Frame syn(long atMicros, String source, String destination, int port) {
        return new Frame(atMicros, source, destination, "tcp", port, SYN);
    }

    /** Reads what {@link #toString} wrote. */
    static Frame parse(String line) {
        String[] words = line.split(" ", -1);
        return new Frame(
                Long.parseLong(words[0]),
                words[1],
                words[2],
                words[3],
                Integer.parseInt(words[4]),
                Integer.parseInt(words[5]));
    }

    /** The Ethernet frame, with right lengths and checksums: a capture on the way may check them. */
    byte[] bytes(String destinationMac) {
        byte[] from = InetAddress.ofLiteral(source).getAddress();
        byte[] to = InetAddress.ofLiteral(destination).getAddress();
        boolean ipv6 = from.length > 4;
        ByteBuffer segment = protocol.equals("udp") ? datagram() : tcp();
        int number = protocol.equals("udp") ? UDP_NUMBER : TCP_NUMBER;
        int checksumAt = protocol.equals("udp") ? 6 : 16;
        // The pseudo header of RFC 9293 section 3.1: both addresses, the protocol, the length.
        int pseudo = sum(ByteBuffer.wrap(from)) + sum(ByteBuffer.wrap(to)) + number + segment.capacity();
        segment.putShort(checksumAt, complement(pseudo + sum(segment)));
        ByteBuffer frame =
                ByteBuffer.allocate(ETHERNET_HEADER + (ipv6 ? IPV6_HEADER : IPV4_HEADER) + segment.capacity());
        frame.put(HexFormat.ofDelimiter(":").parseHex(destinationMac))
                .put(SOURCE_MAC)
                .putShort((short) (ipv6 ? 0x86dd : 0x0800));
        if (ipv6) {
            frame.putInt(6 << 28).putShort((short) segment.capacity());
            frame.put((byte) number).put((byte) 64).put(from).put(to);
        } else {
            frame.put(ipv4Header(number, segment.capacity(), from, to));
        }
        return frame.put(segment).array();
    }

    private ByteBuffer tcp() {
        ByteBuffer segment = ByteBuffer.allocate(20);
        segment.putShort(sourcePort()).putShort((short) port).putInt(source.hashCode());
        segment.putInt((flags & ACK) != 0 ? 1 : 0).put((byte) 0x50).put((byte) flags);
        return segment.putShort((short) 1024).clear();
    }

    /** Two octets of payload: the checksum is over whole words. */
    private ByteBuffer datagram() {
        ByteBuffer segment = ByteBuffer.allocate(10);
        return segment.putShort(sourcePort())
                .putShort((short) port)
                .putShort((short) 10)
                .clear();
    }

    private short sourcePort() {
        return (short) (1024 + (source.hashCode() & 0x7fff));
    }

    private static ByteBuffer ipv4Header(int number, int payload, byte[] from, byte[] to) {
        ByteBuffer header = ByteBuffer.allocate(IPV4_HEADER);
        header.put((byte) 0x45).put((byte) 0).putShort((short) (IPV4_HEADER + payload));
        header.putInt(0).put((byte) 64).put((byte) number).putShort((short) 0);
        header.put(from).put(to).clear();
        return header.putShort(10, complement(sum(header)));
    }

    private static int sum(ByteBuffer words) {
        int sum = 0;
        for (int at = 0; at < words.capacity(); at += 2) {
            sum += words.getShort(at) & 0xffff;
        }
        return sum;
    }

    private static short complement(int sum) {
        int once = (sum & 0xffff) + (sum >>> 16);
        return (short) ~((once & 0xffff) + (once >>> 16));
    }

    @Override
    public String toString() {
        return atMicros + " " + source + " " + destination + " " + protocol + " " + port + " " + flags;
    }
}
