package tirl.recognise;

/**
 * Where the entry of a source is: a hash table by open addressing. A slot holds 32 bits of the source's hash beside the number of its
 * entry, so that a look-up touches one cache line of it and no entry but the source's own, and growing touches no entry at all.
 */
final class SourceIndex {
    static final int NONE = -1;
    private static final int INITIAL = 256;
    private static final int HASH_SHIFT = 32;

    /** Unknown to senders, so that they cannot choose sources that get into each other's way. */
    private final long hashKey;

    /** 0: empty. Else the hash, and one more than the entry's number. At most half of them are in use. */
    private long[] slots = new long[INITIAL];

    private int used;

    SourceIndex(long hashKey) {
        this.hashKey = hashKey;
    }

    int hash(long sourceHigh, long sourceLow) {
        return (int) (mix(mix(sourceHigh ^ hashKey) ^ sourceLow) >>> HASH_SHIFT);
    }

    /** The first slot with an entry that may be a source's of this hash, or NONE. */
    int first(int hash) {
        return seek(hash & (slots.length - 1), hash);
    }

    /** The next one, or NONE. */
    int next(int slot, int hash) {
        return seek((slot + 1) & (slots.length - 1), hash);
    }

    private int seek(int from, int hash) {
        int slot = from;
        while (slots[slot] != 0) {
            if (hashIn(slot) == hash) {
                return slot;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return NONE;
    }

    int entry(int slot) {
        return (int) slots[slot] - 1;
    }

    void put(int hash, int entry) {
        if ((used + 1) * 2 > slots.length) {
            grow();
        }
        place((long) hash << HASH_SHIFT | (entry + 1));
        used++;
    }

    /** Removes an entry that is there. */
    void remove(int hash, int entry) {
        int hole = first(hash);
        while (entry(hole) != entry) {
            hole = next(hole, hash);
        }
        // Those behind it move up, or a later search would end at the hole.
        int mask = slots.length - 1;
        for (int slot = (hole + 1) & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
            int home = hashIn(slot) & mask;
            if (((slot - home) & mask) >= ((slot - hole) & mask)) {
                slots[hole] = slots[slot];
                hole = slot;
            }
        }
        slots[hole] = 0;
        used--;
    }

    private void place(long value) {
        int mask = slots.length - 1;
        int slot = (int) (value >>> HASH_SHIFT) & mask;
        while (slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        slots[slot] = value;
    }

    private int hashIn(int slot) {
        return (int) (slots[slot] >>> HASH_SHIFT);
    }

    private void grow() {
        long[] before = slots;
        slots = new long[before.length * 2];
        for (long value : before) {
            if (value != 0) {
                place(value);
            }
        }
    }

    /** The finaliser of SplitMix64: every input bit changes every output bit with probability about one half. */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
        return z ^ (z >>> 31);
    }
}
