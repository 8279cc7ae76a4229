package tirl.linux.icmp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.Optional;
import tirl.linux.libc.Libc;
import tirl.linux.libc.LibcException;

/**
 * One ping with a payload that matters, and what comes back for it: the host's own echo, and perhaps another with other
 * octets. With the kernel's ping socket (no privilege, icmp(7)) or else a raw one. One thread uses it.
 */
public final class EchoLine implements AutoCloseable {
    private static final ValueLayout.OfShort SHORT_BE = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final byte ECHO_REQUEST = 8;
    private static final byte ECHO_REPLY = 0;
    private static final byte ECHO_REQUEST_V6 = (byte) 128;
    private static final byte ECHO_REPLY_V6 = (byte) 129;
    private static final int HEADER = 8;
    /** More than an MTU that a knock fits in. */
    private static final int BUFFER = 2048;

    private final InetAddress target;
    private final boolean v6;
    private final boolean raw;
    private final short identifier;
    private final int fd;

    private EchoLine(InetAddress target, boolean raw, short identifier, int fd) {
        this.target = target;
        this.v6 = target instanceof Inet6Address;
        this.raw = raw;
        this.identifier = identifier;
        this.fd = fd;
    }

    /**
     * Opens a line.
     *
     * @param identifier of the ping, where the kernel does not choose it
     * @throws IOException when this user may not; the message says what helps
     */
    public static EchoLine to(InetAddress target, short identifier) throws IOException {
        boolean v6 = target instanceof Inet6Address;
        try {
            return new EchoLine(target, false, identifier, EchoSocket.open(v6, Libc.SOCK_DGRAM));
        } catch (LibcException noPingSocket) {
            return new EchoLine(target, true, identifier, EchoSocket.openRaw(v6));
        }
    }

    /** Sends one echo request with these octets. */
    public void send(byte[] payload) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            // One zero more than is sent where they are odd in number: the checksum counts in pairs.
            MemorySegment message = arena.allocate(HEADER + payload.length + payload.length % 2L);
            message.set(JAVA_BYTE, 0, v6 ? ECHO_REQUEST_V6 : ECHO_REQUEST);
            message.set(SHORT_BE, 4, identifier);
            message.set(SHORT_BE, 6, (short) 1);
            MemorySegment.copy(payload, 0, message, JAVA_BYTE, HEADER, payload.length);
            // The kernel sets every ICMPv6 checksum (RFC 3542 3.1), and on a ping socket the other one.
            message.set(SHORT_BE, 2, v6 ? 0 : EchoSocket.checksum(message, message.byteSize()));
            Libc.sendTo(fd, message, HEADER + (long) payload.length, 0, EchoSocket.socketAddress(arena, target));
        } catch (LibcException failure) {
            throw new IOException("ping to " + target.getHostAddress() + ": " + failure.getMessage(), failure);
        }
    }

    /** The octets of an echo reply that has come; empty when none has. Does not wait. */
    public Optional<byte[]> receive() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BUFFER);
            while (true) {
                long length = Libc.recv(fd, buffer, Libc.MSG_DONTWAIT);
                if (length == Libc.WOULD_BLOCK) {
                    return Optional.empty();
                }
                // A raw IPv4 socket gives the IP header too, whose length is in its first octet.
                long at = raw && !v6 ? (buffer.get(JAVA_BYTE, 0) & 0xf) * 4L : 0;
                if (length >= at + HEADER && isOurs(buffer.asSlice(at))) {
                    return Optional.of(
                            buffer.asSlice(at + HEADER, length - at - HEADER).toArray(JAVA_BYTE));
                }
            }
        } catch (LibcException failure) {
            throw new IOException("ping to " + target.getHostAddress() + ": " + failure.getMessage(), failure);
        }
    }

    /** A raw socket hears everybody's pings. */
    private boolean isOurs(MemorySegment message) {
        return message.get(JAVA_BYTE, 0) == (v6 ? ECHO_REPLY_V6 : ECHO_REPLY)
                && (!raw || message.get(SHORT_BE, 4) == identifier);
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
