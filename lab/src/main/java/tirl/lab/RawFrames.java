package tirl.lab;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Makes whole Ethernet frames with IPv4 towards one server, from any source: for floods that one sender plays alone. */
public final class RawFrames {
    private static final int ETHERNET = 14;
    private static final int IPV4 = 20;
    private static final int UDP = 8;
    private static final int TCP = 20;
    private static final int TCP_NUMBER = 6;
    private static final int UDP_NUMBER = 17;

    private final byte[] mac;
    private final int server;

    RawFrames(String serverMac, String server) {
        mac = HexFormat.ofDelimiter(":").parseHex(serverMac);
        this.server = number(server);
    }

    /** Frames for the server's end of the network's first wire. */
    public static RawFrames towards(Network network) {
        Wire wire = network.wire();
        return new RawFrames(wire.serverMac(), wire.serverIpv4());
    }

    /** An IPv4 address in numbers as one number. */
    public static int number(String ipv4) {
        return ByteBuffer.wrap(InetAddress.ofLiteral(ipv4).getAddress()).getInt();
    }

    /** That number as an address again. */
    public static String address(int ipv4) {
        return (ipv4 >>> 24) + "." + (ipv4 >>> 16 & 0xff) + "." + (ipv4 >>> 8 & 0xff) + "." + (ipv4 & 0xff);
    }

    /** One TCP SYN. */
    public byte[] syn(int source, int port) {
        ByteBuffer segment = ByteBuffer.allocate(TCP);
        segment.putShort((short) (1024 + (source & 0x7fff))).putShort((short) port);
        segment.putInt(source * 0x9e3779b9).putInt(0); // any sequence number will do
        segment.put((byte) 0x50).put((byte) Frame.SYN).putShort((short) 1024);
        return frame(source, TCP_NUMBER, segment, 16);
    }

    /** One UDP datagram. */
    public byte[] datagram(int source, int port, byte[] payload) {
        ByteBuffer segment = ByteBuffer.allocate(UDP + payload.length);
        segment.putShort((short) (1024 + (source & 0x7fff))).putShort((short) port);
        segment.putShort((short) segment.capacity()).putShort((short) 0).put(payload);
        return frame(source, UDP_NUMBER, segment, 6);
    }

    private byte[] frame(int source, int protocol, ByteBuffer segment, int checksumAt) {
        int length = segment.capacity();
        // The pseudo header of RFC 9293 section 3.1: both addresses, the protocol, the length.
        int pseudo = words(source) + words(server) + protocol + length;
        segment.putShort(checksumAt, complement(pseudo + sum(segment, 0, length)));
        ByteBuffer frame = ByteBuffer.allocate(ETHERNET + IPV4 + length);
        // The second MAC, locally administered, is the sender's.
        frame.put(mac).put(new byte[] {2, 0, 0, 0, 0, 0}).putShort((short) 0x0800);
        frame.put((byte) 0x45).put((byte) 0).putShort((short) (IPV4 + length)).putInt(0);
        frame.put((byte) 64).put((byte) protocol).putShort((short) 0).putInt(source);
        frame.putInt(server);
        frame.putShort(ETHERNET + 10, complement(sum(frame, ETHERNET, IPV4)));
        return frame.put(segment.clear()).array();
    }

    private static int words(int number) {
        return (number >>> 16) + (number & 0xffff);
    }

    private static int sum(ByteBuffer bytes, int from, int length) {
        int sum = 0;
        for (int at = from; at < from + length - 1; at += 2) {
            sum += bytes.getShort(at) & 0xffff;
        }
        return length % 2 == 0 ? sum : sum + ((bytes.get(from + length - 1) & 0xff) << 8);
    }

    private static short complement(int sum) {
        int once = (sum & 0xffff) + (sum >>> 16);
        return (short) ~((once & 0xffff) + (once >>> 16));
    }
}
