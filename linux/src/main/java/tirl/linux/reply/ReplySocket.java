package tirl.linux.reply;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import tirl.linux.libc.Libc;
import tirl.linux.libc.LibcException;
import tirl.packet.Address;
import tirl.ruleset.SilentRules;

/**
 * Answers a packet from the address and port that it was sent to, without a socket there: nothing is bound and nothing
 * listens, so a scan finds nothing. With the protocol IPPROTO_RAW the kernel takes packets as they are and hands none in.
 * One thread at a time; it never waits.
 */
public final class ReplySocket implements AutoCloseable {
    private static final int IPPROTO_RAW = 255;
    private static final int SO_PRIORITY = 12;

    private final int fd;
    private final boolean v4;

    /** One for each IP version. Needs CAP_NET_RAW, as the capture does. */
    public ReplySocket(boolean v4) throws LibcException {
        this.v4 = v4;
        fd = Libc.socket(
                v4 ? Libc.AF_INET : Libc.AF_INET6, Libc.SOCK_RAW | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, IPPROTO_RAW);
        try {
            Libc.setsockopt(fd, Libc.SOL_SOCKET, SO_PRIORITY, SilentRules.ANSWER_PRIORITY);
        } catch (LibcException refused) {
            Libc.close(fd);
            throw refused;
        }
    }

    /** A UDP datagram; the payload has an even number of octets. */
    public void udp(Endpoints ends, byte[] payload) throws LibcException {
        send(ends.remote(), ReplyPacket.udp(ends, payload));
    }

    /**
     * An echo reply; the payload has an even number of octets.
     *
     * @param numbers identifier and sequence number of the request
     */
    public void echo(Endpoints ends, int numbers, byte[] payload) throws LibcException {
        send(ends.remote(), ReplyPacket.echo(ends, numbers, payload));
    }

    private void send(Address to, byte[] packet) throws LibcException {
        if (to.isIpv4() != v4) {
            throw new IllegalArgumentException(to + " through a socket of the other IP version");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, packet);
            Libc.sendTo(fd, bytes, packet.length, Libc.MSG_DONTWAIT, address(arena, to));
        }
    }

    /** The port is zero: raw(7) and ipv6(7) want it so. */
    private MemorySegment address(Arena arena, Address to) {
        MemorySegment address = arena.allocate(v4 ? 16 : 28, 4);
        address.set(JAVA_SHORT, 0, (short) (v4 ? Libc.AF_INET : Libc.AF_INET6));
        byte[] octets = to.bytes();
        MemorySegment.copy(octets, 0, address, JAVA_BYTE, v4 ? 4 : 8, octets.length);
        return address;
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
