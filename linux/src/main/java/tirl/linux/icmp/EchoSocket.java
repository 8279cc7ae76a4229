package tirl.linux.icmp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteOrder;
import tirl.linux.libc.Errno;
import tirl.linux.libc.Libc;
import tirl.linux.libc.LibcException;

/** Sends single pings, with the kernel's ping socket (no privilege, icmp(7)) or else a raw one. Any thread. */
public final class EchoSocket {
    private static final ValueLayout.OfShort SHORT_BE =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int IPPROTO_ICMP = 1;
    private static final int IPPROTO_ICMPV6 = 58;
    private static final byte ECHO_REQUEST = 8;
    private static final byte ECHO_REQUEST_V6 = (byte) 128;
    private static final int HEADER = 8;
    /** What an IPv4 packet of 65535 octets has left behind its header and that of ICMP. */
    private static final int MAX_PAYLOAD = 65_507;

    private EchoSocket() {}

    /** Sends one echo request with {@code payloadLength} zero octets. Does not wait for an answer. */
    public static void send(InetAddress target, int payloadLength) throws IOException {
        if (payloadLength < 0 || payloadLength > MAX_PAYLOAD) {
            throw new IllegalArgumentException("a ping carries 0 to " + MAX_PAYLOAD + " octets, not " + payloadLength);
        }
        boolean v6 = target instanceof Inet6Address;
        int fd = open(v6);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(HEADER + payloadLength);
            message.set(JAVA_BYTE, 0, v6 ? ECHO_REQUEST_V6 : ECHO_REQUEST);
            // A ping socket sets identifier and checksum itself, the kernel also every ICMPv6 checksum (RFC 3542 3.1).
            message.set(SHORT_BE, 4, (short) ProcessHandle.current().pid());
            message.set(SHORT_BE, 6, (short) 1);
            message.set(SHORT_BE, 2, v6 ? 0 : checksum(message, HEADER));
            Libc.sendTo(fd, message, message.byteSize(), 0, socketAddress(arena, target));
        } catch (LibcException failure) {
            throw new IOException("ping to " + target.getHostAddress() + ": " + failure.getMessage(), failure);
        } finally {
            Libc.close(fd);
        }
    }

    private static int open(boolean v6) throws IOException {
        try {
            return open(v6, Libc.SOCK_DGRAM);
        } catch (LibcException noPingSocket) {
            return openRaw(v6);
        }
    }

    static int open(boolean v6, int type) throws LibcException {
        int family = v6 ? Libc.AF_INET6 : Libc.AF_INET;
        return Libc.socket(family, type | Libc.SOCK_CLOEXEC, v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
    }

    static int openRaw(boolean v6) throws IOException {
        try {
            return open(v6, Libc.SOCK_RAW);
        } catch (LibcException refused) {
            if (refused.errno() != Errno.EPERM && refused.errno() != Errno.EACCES) {
                throw refused;
            }
            throw new IOException("ICMP knocks need net.ipv4.ping_group_range to include your group, or root", refused);
        }
    }

    static MemorySegment socketAddress(Arena arena, InetAddress target) {
        byte[] octets = target.getAddress();
        if (target instanceof Inet6Address v6) {
            MemorySegment address = arena.allocate(28, 4);
            address.set(JAVA_SHORT, 0, (short) Libc.AF_INET6);
            MemorySegment.copy(octets, 0, address, JAVA_BYTE, 8, octets.length);
            address.set(JAVA_INT_UNALIGNED, 24, v6.getScopeId());
            return address;
        }
        MemorySegment address = arena.allocate(16, 4);
        address.set(JAVA_SHORT, 0, (short) Libc.AF_INET);
        MemorySegment.copy(octets, 0, address, JAVA_BYTE, 4, octets.length);
        return address;
    }

    /** RFC 1071, over an even number of octets; what is behind them is zeros and adds nothing. */
    static short checksum(MemorySegment message, long length) {
        int sum = 0;
        for (long at = 0; at < length; at += 2) {
            sum += message.get(SHORT_BE, at) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (short) ~(sum + (sum >>> 16));
    }
}
