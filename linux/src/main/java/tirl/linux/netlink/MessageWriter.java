package tirl.linux.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes netlink messages one behind the other into a buffer of its own, which is used again after {@link #clear}. It grows
 * with what is written: room for the longest batch, untouched, would be memory that most daemons never need.
 */
public final class MessageWriter {
    private static final ValueLayout.OfLong LONG_BE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final long FIRST_CAPACITY = 4096;

    private final long most;
    private MemorySegment buffer;
    private long at;
    private long message;

    /** For at most so many octets. */
    public MessageWriter(long most) {
        this.most = most;
        buffer = Arena.ofAuto().allocate(Math.min(most, FIRST_CAPACITY), 8);
    }

    private void makeRoom(long octets) {
        long needed = at + octets;
        if (needed <= buffer.byteSize()) {
            return;
        }
        if (needed > most) {
            throw new IndexOutOfBoundsException("netlink: a batch of more than " + most + " octets");
        }
        MemorySegment longer = Arena.ofAuto().allocate(Math.min(most, Math.max(needed, 2 * buffer.byteSize())), 8);
        MemorySegment.copy(buffer, 0, longer, 0, at);
        buffer = longer;
    }

    public void clear() {
        at = 0;
    }

    public void beginMessage(int type, int flags, int sequence) {
        makeRoom(Netlink.HEADER);
        message = at;
        buffer.set(JAVA_SHORT, at + 4, (short) type);
        buffer.set(JAVA_SHORT, at + 6, (short) flags);
        buffer.set(JAVA_INT, at + 8, sequence);
        buffer.set(JAVA_INT, at + 12, 0);
        at += Netlink.HEADER;
    }

    public void endMessage() {
        buffer.set(JAVA_INT, message, (int) (at - message));
    }

    /** Octets of a family's own header, a multiple of four. */
    public void octets(int... values) {
        makeRoom(values.length);
        for (int value : values) {
            buffer.set(JAVA_BYTE, at++, (byte) value);
        }
    }

    public void zeros(int count) {
        makeRoom(count);
        buffer.asSlice(at, count).fill((byte) 0);
        at += count;
    }

    /** Opens an attribute that holds attributes; give the result to {@link #endNest}. */
    public long beginNest(int type) {
        makeRoom(Netlink.ATTRIBUTE_HEADER);
        long nest = at;
        buffer.set(JAVA_SHORT, at + 2, (short) (type | Netlink.NLA_F_NESTED));
        at += Netlink.ATTRIBUTE_HEADER;
        return nest;
    }

    public void endNest(long nest) {
        buffer.set(JAVA_SHORT, nest, (short) (at - nest));
    }

    public void attribute(int type, byte[] value) {
        attribute(type, value, value.length);
    }

    public void attribute(int type, byte[] value, int length) {
        header(type, length);
        MemorySegment.copy(value, 0, buffer, JAVA_BYTE, at, length);
        pad(length);
    }

    /** Text with its closing NUL. */
    public void attribute(int type, String value) {
        byte[] text = value.getBytes(StandardCharsets.US_ASCII);
        header(type, text.length + 1);
        MemorySegment.copy(text, 0, buffer, JAVA_BYTE, at, text.length);
        buffer.set(JAVA_BYTE, at + text.length, (byte) 0);
        pad(text.length + 1);
    }

    /** A number of 64 bits in network order, as nftables has all its numbers. */
    public void attributeBigEndian(int type, long value) {
        header(type, Long.BYTES);
        buffer.set(LONG_BE, at, value);
        pad(Long.BYTES);
    }

    /** A number of 32 bits in host order. */
    public void attributeHostOrder(int type, int value) {
        header(type, Integer.BYTES);
        buffer.set(JAVA_INT, at, value);
        pad(Integer.BYTES);
    }

    public long length() {
        return at;
    }

    /** What was written so far; overwritten by what comes after {@link #clear}. */
    public MemorySegment bytes() {
        return buffer;
    }

    private void header(int type, int length) {
        makeRoom(Netlink.ATTRIBUTE_HEADER + Netlink.aligned(length));
        buffer.set(JAVA_SHORT, at, (short) (Netlink.ATTRIBUTE_HEADER + length));
        buffer.set(JAVA_SHORT, at + 2, (short) type);
        at += Netlink.ATTRIBUTE_HEADER;
    }

    private void pad(int length) {
        long end = at + Netlink.aligned(length);
        for (at += length; at < end; at++) {
            buffer.set(JAVA_BYTE, at, (byte) 0);
        }
    }
}
