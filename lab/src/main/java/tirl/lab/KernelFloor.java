package tirl.lab;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tirl.linux.libc.ThisThread;

/**
 * The least that a knock can cost on this kernel, without any daemon: a thread waits at a packet socket, and for each
 * datagram to one port puts its source into a set of nftables by one message. What a daemon does more is its own.
 */
public final class KernelFloor implements AutoCloseable {
    private static final String TABLE = "floor";
    private static final String SET = "open";
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int ETHERNET = 14;
    private static final int UDP = 17;
    private static final int FRAME = 2048;
    private static final int ANSWER = 8192;
    private static final int NLMSG_HEADER = 16;

    // linux/netfilter/nfnetlink.h and nf_tables.h
    private static final int BATCH_BEGIN = 0x10;
    private static final int BATCH_END = 0x11;
    private static final int SUBSYSTEM = 10;
    private static final int NEW_ELEMENTS = SUBSYSTEM << 8 | 12;
    private static final int REQUEST = 1;
    private static final int ACKNOWLEDGE = 4;
    private static final int CREATE = 0x400;
    private static final int NESTED = 0x8000;
    private static final int NFPROTO_INET = 1;

    private final Network network;
    private final int port;
    private volatile long wokenNs;
    private volatile long addedNs;
    private volatile boolean listens;
    private volatile boolean closed;
    /** Where the address stands in the message. */
    private int addressAt;

    private KernelFloor(Network network, int port) {
        this.network = network;
        this.port = port;
    }

    /** Shuts TCP port {@code service} but for who sends a datagram to {@code port}. */
    public static KernelFloor guard(Network network, int service, int port) {
        network.server().nft("""
                table inet %s {
                  set %s { type ipv4_addr; }
                  chain guard {
                    type filter hook input priority 0;
                    tcp dport %d ct state new ip saddr != @%s drop
                  }
                }
                """.formatted(TABLE, SET, service, SET));
        KernelFloor floor = new KernelFloor(network, port);
        network.server().thread("floor", floor::serve);
        Await.until("a thread that listens", Namespace.SOON, () -> floor.listens);
        return floor;
    }

    /** When the thread had the last datagram, as {@link System#nanoTime}. */
    public long wokenNs() {
        return wokenNs;
    }

    /** When the kernel had confirmed the element of the last datagram. */
    public long addedNs() {
        return addedNs;
    }

    private void serve() {
        // As a daemon's thread does.
        boolean _ = ThisThread.takeShortTurns();
        try (Arena arena = Arena.ofConfined()) {
            int capture = Libc.listeningPacketSocket(network.wire().serverInterface());
            int netlink = Libc.netfilterSocket();
            MemorySegment frame = arena.allocate(FRAME);
            MemorySegment answer = arena.allocate(ANSWER);
            byte[] octets = message();
            MemorySegment message = arena.allocate(octets.length).copyFrom(MemorySegment.ofArray(octets));
            listens = true;
            while (!closed) {
                int length = Libc.receive(capture, frame);
                if (isKnock(frame, length)) {
                    wokenNs = System.nanoTime();
                    message.set(INT, addressAt, frame.get(INT, ETHERNET + 12));
                    Libc.send(netlink, message);
                    Libc.receive(netlink, answer);
                    addedNs = System.nanoTime();
                    if (answer.get(ValueLayout.JAVA_INT_UNALIGNED, NLMSG_HEADER) != 0) {
                        throw new LabException("the kernel did not take the element");
                    }
                }
            }
        } catch (LabException interfaceGone) {
            if (!closed) {
                throw interfaceGone;
            }
        }
    }

    private boolean isKnock(MemorySegment frame, int length) {
        return length > ETHERNET + 28
                && frame.get(JAVA_BYTE, ETHERNET + 9) == UDP
                && (frame.get(SHORT, ETHERNET + 22) & 0xffff) == port;
    }

    /** A transaction with one element; its address is written over for each. */
    private byte[] message() {
        ByteBuffer out = ByteBuffer.allocate(FRAME).order(ByteOrder.nativeOrder());
        header(out, NLMSG_HEADER + 4, BATCH_BEGIN, REQUEST, 0, SUBSYSTEM);
        int at = out.position();
        header(out, 0, NEW_ELEMENTS, REQUEST | ACKNOWLEDGE | CREATE, NFPROTO_INET, 0);
        text(out, 1, TABLE);
        text(out, 2, SET);
        // The list, its one element, the key of that, the value of that: each within the one before.
        for (int[] nested : new int[][] {{3, 20}, {1, 16}, {1, 12}}) {
            out.putShort((short) nested[1]).putShort((short) (nested[0] | NESTED));
        }
        out.putShort((short) 8).putShort((short) 1);
        addressAt = out.position();
        out.putInt(0);
        out.putInt(at, out.position() - at);
        header(out, NLMSG_HEADER + 4, BATCH_END, REQUEST, 0, SUBSYSTEM);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static void header(ByteBuffer out, int length, int type, int flags, int family, int resource) {
        out.putInt(length)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(1)
                .putInt(0);
        out.put((byte) family).put((byte) 0).put((byte) (resource >> 8)).put((byte) resource);
    }

    private static void text(ByteBuffer out, int type, String value) {
        byte[] octets = (value + '\0').getBytes(StandardCharsets.US_ASCII);
        out.putShort((short) (4 + octets.length)).putShort((short) type).put(octets);
        while (out.position() % 4 != 0) {
            out.put((byte) 0);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
