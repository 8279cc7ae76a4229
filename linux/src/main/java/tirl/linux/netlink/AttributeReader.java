package tirl.linux.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A cursor over attributes. A length that does not fit ends them; a value shorter than what is asked for reads as 0. */
public final class AttributeReader {
    private static final ValueLayout.OfInt INT_BE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG_BE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private MemorySegment buffer = MemorySegment.NULL;
    private long at;
    private long next;
    private long end;

    /** Stands before the first of no attributes. */
    public AttributeReader() {}

    void reset(MemorySegment buffer, long from, long to) {
        this.buffer = buffer;
        next = from;
        end = to;
    }

    public boolean next() {
        at = next;
        if (end - at < Netlink.ATTRIBUTE_HEADER) {
            return false;
        }
        int length = buffer.get(JAVA_SHORT_UNALIGNED, at) & 0xffff;
        if (length < Netlink.ATTRIBUTE_HEADER || length > end - at) {
            return false;
        }
        next = Math.min(end, at + Netlink.aligned(length));
        return true;
    }

    public int type() {
        return buffer.get(JAVA_SHORT_UNALIGNED, at + 2) & Netlink.NLA_TYPE_MASK;
    }

    public int length() {
        return (buffer.get(JAVA_SHORT_UNALIGNED, at) & 0xffff) - Netlink.ATTRIBUTE_HEADER;
    }

    /** Lets {@code into} read the attributes inside this one. */
    public void nested(AttributeReader into) {
        into.reset(buffer, value(), value() + length());
    }

    public int octet(int offset) {
        return offset < length() ? buffer.get(JAVA_BYTE, value() + offset) & 0xff : 0;
    }

    public int intHostOrder() {
        return length() >= Integer.BYTES ? buffer.get(ValueLayout.JAVA_INT_UNALIGNED, value()) : 0;
    }

    public int shortBigEndian() {
        return length() >= Short.BYTES ? octet(0) << 8 | octet(1) : 0;
    }

    public int intBigEndian(int offset) {
        return offset + Integer.BYTES <= length() ? buffer.get(INT_BE, value() + offset) : 0;
    }

    public long longBigEndian(int offset) {
        return offset + Long.BYTES <= length() ? buffer.get(LONG_BE, value() + offset) : 0;
    }

    /** A copy of the value. */
    public byte[] octets() {
        return buffer.asSlice(value(), length()).toArray(JAVA_BYTE);
    }

    /** The text of {@code count} octets at {@code offset}, up to a NUL if there is one. */
    public String text(int offset, int count) {
        int limit = Math.max(0, Math.min(count, length() - offset));
        int used = 0;
        while (used < limit && buffer.get(JAVA_BYTE, value() + offset + used) != 0) {
            used++;
        }
        byte[] octets = buffer.asSlice(value() + offset, used).toArray(JAVA_BYTE);
        return new String(octets, StandardCharsets.UTF_8);
    }

    private long value() {
        return at + Netlink.ATTRIBUTE_HEADER;
    }
}
