package tirl.linux.namespace;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import tirl.packet.Address;

/** Frames with an IPv4 UDP datagram, as hexadecimal digits. */
public final class Frames {
    private static final int IPV4 = 0x0800;

    private Frames() {}

    /** An Ethernet frame to a MAC address, behind VLAN tags from the outside in. */
    public static String ethernet(String mac, String source, String target, int port, int... vlans) {
        ByteBuffer frame = ByteBuffer.allocate(128);
        frame.put(HexFormat.ofDelimiter(":").parseHex(mac)).put(new byte[] {2, 0, 0, 0, 0, 2});
        for (int i = 0; i < vlans.length; i++) {
            frame.putShort((short) (i == vlans.length - 1 ? 0x8100 : 0x88a8)).putShort((short) vlans[i]);
        }
        frame.putShort((short) IPV4);
        return hex(datagram(frame, source, target, port));
    }

    /** Without a link header. */
    public static String raw(String source, String target, int port) {
        return hex(datagram(ByteBuffer.allocate(128), source, target, port));
    }

    private static ByteBuffer datagram(ByteBuffer into, String source, String target, int port) {
        ByteBuffer header = ByteBuffer.allocate(20);
        header.put((byte) 0x45).put((byte) 0).putShort((short) 32).putInt(0x0001_0000);
        header.put((byte) 64).put((byte) 17).putShort((short) 0);
        header.put(Address.parse(source).orElseThrow().bytes());
        header.put(Address.parse(target).orElseThrow().bytes());
        int sum = 0;
        for (int at = 0; at < 20; at += 2) {
            sum += header.getShort(at) & 0xffff;
        }
        header.putShort(10, (short) ~((sum & 0xffff) + (sum >>> 16)));
        into.put(header.flip());
        // A UDP checksum of 0 means none (RFC 768).
        return into.putShort((short) 40000)
                .putShort((short) port)
                .putShort((short) 12)
                .putShort((short) 0)
                .putInt(0);
    }

    private static String hex(ByteBuffer bytes) {
        byte[] octets = new byte[bytes.position()];
        bytes.flip().get(octets);
        return HexFormat.of().formatHex(octets);
    }
}
