package tirl.linux.network;

import java.util.Collection;
import java.util.List;
import tirl.packet.Address;

/** An immutable set of 128-bit values: open addressing in one array, so that a look-up allocates nothing. */
final class LongPairSet {
    static final LongPairSet EMPTY = of(List.of());

    private final long[] slots;
    private final int mask;
    private final boolean hasZero;

    private LongPairSet(long[] slots, int mask, boolean hasZero) {
        this.slots = slots;
        this.mask = mask;
        this.hasZero = hasZero;
    }

    static LongPairSet of(Collection<Address> values) {
        // At most half full: the mean number of probes stays under two and a free slot always ends them.
        int capacity = Integer.highestOneBit(Math.max(4, values.size())) * 4;
        long[] slots = new long[capacity * 2];
        int mask = capacity - 1;
        boolean hasZero = false;
        for (Address value : values) {
            if ((value.high() | value.low()) == 0) { // marks a free slot
                hasZero = true;
                continue;
            }
            int slot = slot(value.high(), value.low(), mask);
            while ((slots[2 * slot] | slots[2 * slot + 1]) != 0) {
                slot = (slot + 1) & mask;
            }
            slots[2 * slot] = value.high();
            slots[2 * slot + 1] = value.low();
        }
        return new LongPairSet(slots, mask, hasZero);
    }

    boolean contains(long high, long low) {
        if ((high | low) == 0) {
            return hasZero;
        }
        for (int slot = slot(high, low, mask); ; slot = (slot + 1) & mask) {
            long slotHigh = slots[2 * slot];
            long slotLow = slots[2 * slot + 1];
            if (slotHigh == high && slotLow == low) {
                return true;
            }
            if ((slotHigh | slotLow) == 0) {
                return false;
            }
        }
    }

    /** Multiplies by an odd constant and takes high bits, since neighbouring addresses differ in the low ones only. */
    private static int slot(long high, long low, int mask) {
        long mixed = (high * 31 + low) * 0x9e37_79b9_7f4a_7c15L;
        return (int) (mixed >>> 32) & mask;
    }
}
