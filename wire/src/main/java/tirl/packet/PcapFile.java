package tirl.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A capture file in the classic pcap format (draft-ietf-opsawg-pcap), read frame by frame from memory. A file that ends
 * in the middle of a record ends there: tcpdump leaves such files when it is killed.
 */
public final class PcapFile {
    private static final int MAGIC_MICROSECONDS = 0xa1b2c3d4;
    private static final int MAGIC_NANOSECONDS = 0xa1b23c4d;
    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;

    private final MemorySegment bytes;
    private final ValueLayout.OfInt word;
    private final long nanosPerTick;
    private final LinkType link;
    private long record = FILE_HEADER;
    private long frame;
    private int captured;
    private long timeNs;

    private PcapFile(MemorySegment bytes, ValueLayout.OfInt word, long nanosPerTick, LinkType link) {
        this.bytes = bytes;
        this.word = word;
        this.nanosPerTick = nanosPerTick;
        this.link = link;
    }

    /** Empty when this is no pcap file, or one of a link type that the decoder does not read. */
    public static Optional<PcapFile> open(MemorySegment bytes) {
        if (bytes.byteSize() < FILE_HEADER) {
            return Optional.empty();
        }
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            ValueLayout.OfInt word = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
            int magic = bytes.get(word, 0);
            if (magic == MAGIC_MICROSECONDS || magic == MAGIC_NANOSECONDS) {
                long nanosPerTick = magic == MAGIC_MICROSECONDS ? 1_000 : 1;
                // The upper four bits of the link type field hold something else.
                return LinkType.ofNumber(bytes.get(word, 20) & 0x0fff_ffff)
                        .map(link -> new PcapFile(bytes, word, nanosPerTick, link));
            }
        }
        return Optional.empty();
    }

    public LinkType link() {
        return link;
    }

    /** Moves to the next frame; false at the end. */
    public boolean next() {
        if (bytes.byteSize() - record < RECORD_HEADER) {
            return false;
        }
        int length = bytes.get(word, record + 8);
        if (length < 0 || length > bytes.byteSize() - record - RECORD_HEADER) {
            return false;
        }
        timeNs = Integer.toUnsignedLong(bytes.get(word, record)) * 1_000_000_000L
                + Integer.toUnsignedLong(bytes.get(word, record + 4)) * nanosPerTick;
        frame = record + RECORD_HEADER;
        captured = length;
        record = frame + length;
        return true;
    }

    /** Decodes the current frame. */
    public DecodeOutcome decode(PacketDecoder decoder) {
        return decoder.decode(bytes, frame, captured, link);
    }

    /** Nanoseconds since 1970 at which the current frame was captured. */
    public long timeNs() {
        return timeNs;
    }
}
