package tirl.packet;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address as 128 bits; IPv4 is held in its mapped form {@code ::ffff:a.b.c.d}.
 *
 * @param high the first 64 bits in network order
 * @param low the last 64 bits in network order
 */
public record Address(long high, long low) implements Comparable<Address> {
    static final long IPV4_PREFIX = 0xffff_0000_0000L;
    private static final long IPV4_BITS = 0xffff_ffffL;
    private static final int GROUPS = 8;

    public static Address ofIpv4(int bits) {
        return new Address(0, IPV4_PREFIX | Integer.toUnsignedLong(bits));
    }

    /** From 4 or 16 bytes in network order. */
    public static Address ofBytes(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return switch (bytes.length) {
            case 4 -> ofIpv4(buffer.getInt());
            case 16 -> new Address(buffer.getLong(), buffer.getLong());
            default -> throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length);
        };
    }

    public static Address of(InetAddress address) {
        return ofBytes(address.getAddress());
    }

    /** Reads a numeric address; a host name, a zone or anything else gives an empty result. Never resolves. */
    public static Optional<Address> parse(String text) {
        // InetAddress also takes "1.2" and "0x7f.1"-like spellings in some forms; only what we would print is an
        // address.
        if (text.isEmpty() || text.indexOf('%') >= 0 || text.indexOf('[') >= 0) {
            return Optional.empty();
        }
        try {
            InetAddress literal = InetAddress.ofLiteral(text);
            Address address = of(literal);
            boolean dottedQuad = text.chars().filter(c -> c == '.').count() == 3;
            return literal instanceof Inet6Address || dottedQuad ? Optional.of(address) : Optional.empty();
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    public boolean isIpv4() {
        return isIpv4(high, low);
    }

    static boolean isIpv4(long high, long low) {
        return high == 0 && low >>> 32 == IPV4_PREFIX >>> 32;
    }

    /** 224.0.0.0/4 or ff00::/8: never the source of an honest packet. */
    public boolean isMulticast() {
        return isIpv4() ? (low & 0xf000_0000L) == 0xe000_0000L : high >>> 56 == 0xff;
    }

    /** 0.0.0.0 or ::. */
    public boolean isUnspecified() {
        return high == 0 && (low == 0 || low == IPV4_PREFIX);
    }

    /** 127.0.0.0/8 or ::1: never an address of another machine. */
    public boolean isLoopback() {
        return isIpv4() ? (low & 0xff00_0000L) == 0x7f00_0000L : high == 0 && low == 1;
    }

    /** 169.254.0.0/16 or fe80::/10: means nothing without an interface, and no router passes it on. */
    public boolean isLinkLocal() {
        return isIpv4() ? (low & 0xffff_0000L) == 0xa9fe_0000L : high >>> 54 == 0x3fa;
    }

    /** 4 or 16 bytes in network order. */
    public byte[] bytes() {
        return isIpv4()
                ? ByteBuffer.allocate(4).putInt((int) low).array()
                : ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    @Override
    public int compareTo(Address other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** The canonical text: a dotted quad, or RFC 5952. */
    @Override
    public String toString() {
        if (isIpv4()) {
            long bits = low & IPV4_BITS;
            return (bits >> 24) + "." + (bits >> 16 & 0xff) + "." + (bits >> 8 & 0xff) + "." + (bits & 0xff);
        }
        int gapStart = 0;
        int gapLength = 0;
        for (int i = 0; i < GROUPS; i++) {
            int length = 0;
            while (i + length < GROUPS && group(i + length) == 0) {
                length++;
            }
            if (length > gapLength) {
                gapStart = i;
                gapLength = length;
            }
            i += length;
        }
        StringBuilder text = new StringBuilder();
        // RFC 5952 section 4.2.2: a single zero group is not shortened.
        for (int i = 0; i < GROUPS; i++) {
            if (gapLength > 1 && i == gapStart) {
                text.append("::");
                i += gapLength - 1;
            } else {
                boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(first ? "" : ":").append(Integer.toHexString(group(i)));
            }
        }
        return text.toString();
    }

    private int group(int index) {
        long half = index < GROUPS / 2 ? high : low;
        return (int) (half >>> (16 * (3 - index % 4))) & 0xffff;
    }
}
