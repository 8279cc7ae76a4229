package tirl.linux.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/** A cursor over received messages. A length that reaches past the end, or is too short to be one, ends them. */
public final class MessageReader {
    private final MemorySegment buffer;
    private long at;
    private long next;
    private long end;

    public MessageReader(MemorySegment buffer) {
        this.buffer = buffer;
    }

    public void reset(long length) {
        next = 0;
        end = Math.min(length, buffer.byteSize());
    }

    public boolean next() {
        at = next;
        if (end - at < Netlink.HEADER) {
            return false;
        }
        long length = Integer.toUnsignedLong(buffer.get(JAVA_INT_UNALIGNED, at));
        if (length < Netlink.HEADER || length > end - at) {
            return false;
        }
        next = Math.min(end, at + Netlink.aligned(length));
        return true;
    }

    public int type() {
        return buffer.get(JAVA_SHORT_UNALIGNED, at + 4) & 0xffff;
    }

    public int flags() {
        return buffer.get(JAVA_SHORT_UNALIGNED, at + 6) & 0xffff;
    }

    public int sequence() {
        return buffer.get(JAVA_INT_UNALIGNED, at + 8);
    }

    public long payloadLength() {
        return Integer.toUnsignedLong(buffer.get(JAVA_INT_UNALIGNED, at)) - Netlink.HEADER;
    }

    /** An int of the payload in host order; 0 beyond its end. */
    public int payloadInt(long offset) {
        return offset + Integer.BYTES <= payloadLength()
                ? buffer.get(JAVA_INT_UNALIGNED, at + Netlink.HEADER + offset)
                : 0;
    }

    public int payloadOctet(long offset) {
        return offset < payloadLength() ? buffer.get(JAVA_BYTE, at + Netlink.HEADER + offset) & 0xff : 0;
    }

    /** Of an NLMSG_ERROR, or of the NLMSG_DONE of a failed dump: the errno, 0 for an acknowledgement. */
    public int errno() {
        return -payloadInt(0);
    }

    /** The attributes behind a family's own header of {@code header} octets. */
    public void attributes(int header, AttributeReader into) {
        long from = at + Netlink.HEADER + header;
        into.reset(buffer, from, Math.max(from, at + Netlink.HEADER + payloadLength()));
    }
}
