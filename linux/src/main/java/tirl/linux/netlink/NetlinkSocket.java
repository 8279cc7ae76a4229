package tirl.linux.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import tirl.linux.libc.Libc;
import tirl.linux.libc.LibcException;

/**
 * A netlink socket with its receive buffer. The sender of a message is not looked at: on the families used here only a
 * process with CAP_NET_ADMIN could send us one (netlink_sendmsg asks for NL_CFG_F_NONROOT_SEND, which they lack).
 */
public final class NetlinkSocket implements AutoCloseable {
    public static final int ROUTE = 0;
    public static final int NETFILTER = 12;

    /** The kernel makes no datagram of a dump longer than 32 KiB (netlink_recvmsg). */
    private static final int RECEIVE_BUFFER = 1 << 16;
    /** What the kernel may queue for us: a whole burst of events, or the answers to a whole batch. */
    private static final int QUEUE = 1 << 22;
    /** An answer is there when send returns; this only keeps a kernel that never ends a dump from hanging us. */
    private static final long WAIT_SECONDS = 5;

    /** Of struct sockaddr_nl: family, port, groups. */
    private static final int ADDRESS_LENGTH = 12;

    private static final int PORT_OFFSET = 4;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;

    private final int fd;
    private final MemorySegment received = Arena.ofAuto().allocate(RECEIVE_BUFFER, 8);
    private final MessageReader reader = new MessageReader(received);
    private int sequence;

    /** Opens a socket of a family that also hears the multicast groups in the mask {@code groups}. */
    public NetlinkSocket(int family, int groups) throws LibcException {
        fd = Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, family);
        try (Arena arena = Arena.ofConfined()) {
            enlarge(SO_RCVBUFFORCE, SO_RCVBUF);
            enlarge(SO_SNDBUFFORCE, SO_SNDBUF);
            MemorySegment timeval = arena.allocate(JAVA_LONG, 2);
            timeval.set(JAVA_LONG, 0, WAIT_SECONDS);
            Libc.setsockopt(fd, Libc.SOL_SOCKET, SO_RCVTIMEO, timeval);
            MemorySegment address = arena.allocate(ADDRESS_LENGTH, Integer.BYTES);
            address.set(JAVA_SHORT, 0, (short) Libc.AF_NETLINK);
            address.set(JAVA_INT, 8, groups);
            Libc.bind(fd, address);
        } catch (LibcException failure) {
            Libc.close(fd);
            throw failure;
        }
    }

    /** The FORCE options pass the limit net.core.rmem_max and need CAP_NET_ADMIN. */
    private void enlarge(int force, int plain) throws LibcException {
        try {
            Libc.setsockopt(fd, Libc.SOL_SOCKET, force, QUEUE);
        } catch (LibcException withoutCapability) {
            Libc.setsockopt(fd, Libc.SOL_SOCKET, plain, QUEUE);
        }
    }

    public int fd() {
        return fd;
    }

    /** From now on the kernel keeps from this one the events that come of the requests of another socket. */
    public void ignoreEventsOf(NetlinkSocket other) throws LibcException {
        EventFilter.drop(fd, other.port());
    }

    /** Its number for the kernel. */
    private int port() throws LibcException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(ADDRESS_LENGTH, Integer.BYTES);
            Libc.getsockname(fd, address);
            return address.get(JAVA_INT, PORT_OFFSET);
        }
    }

    /** A number for the next request; never 0, which is the number of events. */
    public int nextSequence() {
        sequence = sequence == Integer.MAX_VALUE ? 1 : sequence + 1;
        return sequence;
    }

    public void send(MessageWriter messages) throws LibcException {
        Libc.sendTo(fd, messages.bytes(), messages.length(), 0, MemorySegment.NULL);
    }

    /** The messages of one datagram; valid until the next call. False when there is none now. */
    public boolean receiveNow() throws IOException {
        return receive(Libc.MSG_DONTWAIT);
    }

    /** As {@link #receiveNow}, but waits; for the rest of a dump. */
    public void receive() throws IOException {
        if (!receive(0)) {
            throw new IOException("netlink: no answer from the kernel within " + WAIT_SECONDS + " s");
        }
    }

    public MessageReader messages() {
        return reader;
    }

    @Override
    public void close() {
        Libc.close(fd);
    }

    private boolean receive(int flags) throws IOException {
        long length = Libc.recv(fd, received, flags | Libc.MSG_TRUNC);
        if (length == Libc.WOULD_BLOCK) {
            reader.reset(0);
            return false;
        }
        if (length > received.byteSize()) {
            throw new IOException("netlink: a message of " + length + " octets is longer than the kernel makes them");
        }
        reader.reset(length);
        return true;
    }
}
