package tirl.recognise;

import java.util.Arrays;

/**
 * Half-done sequences by source, in plain arrays: a chained hash table whose entries also stand in one of two queues,
 * {@link #FIRST} for sources that have made one right knock and {@link #FURTHER} for those that have made more.
 *
 * <p>Eviction. When the table is full, the oldest of FIRST goes; FURTHER holds at most half of the table and then loses
 * its own oldest. So forged first knocks never push out a sequence past its first knock, and one at its first knock
 * only after at least half the capacity in first knocks of other sources has arrived since: with the default of 65,536
 * entries and 10,000 forged packets a second, more than three seconds.
 */
public final class AttemptTable {
    public static final int NONE = -1;
    public static final int FIRST = 0;
    public static final int FURTHER = 1;
    private static final byte NO_QUEUE = -1;
    private static final int INITIAL = 1024;
    /** Grown by more at a time, a flood leaves less behind that has to be collected: a third of the table, not all of it. */
    private static final int GROWTH = 4;

    private final int capacity;
    /** Prefixes that one source can be in at once. */
    private final int slots;
    /** Unknown to senders, so that they cannot choose sources that share a chain. */
    private final long hashKey;

    private int[] buckets;
    private int[] chain;
    private long[] high;
    private long[] low;
    private byte[] queue;
    private int[] newer;
    private int[] older;
    private int[] nodes;
    private long[] starts;

    private final int[] oldest = {NONE, NONE};
    private final int[] newest = {NONE, NONE};
    private final int[] count = {0, 0};
    private int free = NONE;
    private int used;

    /**
     * @param hashKey a secret random number
     */
    public AttemptTable(int capacity, int slots, long hashKey) {
        this.capacity = capacity;
        this.slots = slots;
        this.hashKey = hashKey;
        int size = Math.min(capacity, INITIAL);
        buckets = new int[Integer.highestOneBit(size) * 2];
        Arrays.fill(buckets, NONE);
        chain = new int[size];
        high = new long[size];
        low = new long[size];
        queue = new byte[size];
        newer = new int[size];
        older = new int[size];
        nodes = new int[size * slots];
        starts = new long[size * slots];
    }

    public int size() {
        return count[FIRST] + count[FURTHER];
    }

    public int slots() {
        return slots;
    }

    /** The entry of a source, or NONE. */
    public int find(long sourceHigh, long sourceLow) {
        for (int at = buckets[bucket(sourceHigh, sourceLow)]; at != NONE; at = chain[at]) {
            if (high[at] == sourceHigh && low[at] == sourceLow) {
                return at;
            }
        }
        return NONE;
    }

    /** The entry to evict before {@link #add} or a promotion has room in this queue, or NONE when there is room. */
    public int victim(int intoQueue) {
        if (intoQueue == FURTHER) {
            return count[FURTHER] >= Math.max(1, capacity / 2) ? oldest[FURTHER] : NONE;
        }
        if (size() < capacity) {
            return NONE;
        }
        return oldest[FIRST] != NONE ? oldest[FIRST] : oldest[FURTHER];
    }

    /** A new entry without prefixes, the newest of its queue. There must be room. */
    public int add(long sourceHigh, long sourceLow, int intoQueue) {
        int at = free;
        if (at != NONE) {
            free = chain[at];
        } else {
            if (used == chain.length) {
                grow();
            }
            at = used++;
        }
        high[at] = sourceHigh;
        low[at] = sourceLow;
        link(at);
        enqueue(at, intoQueue);
        clear(at);
        return at;
    }

    public void remove(int at) {
        dequeue(at);
        int bucket = bucket(high[at], low[at]);
        if (buckets[bucket] == at) {
            buckets[bucket] = chain[at];
        } else {
            int before = buckets[bucket];
            while (chain[before] != at) {
                before = chain[before];
            }
            chain[before] = chain[at];
        }
        chain[at] = free;
        free = at;
        queue[at] = NO_QUEUE;
    }

    /** One more than the largest entry there ever was: for visiting all, with {@link #isLive}. */
    public int end() {
        return used;
    }

    public boolean isLive(int at) {
        return queue[at] != NO_QUEUE;
    }

    /** Makes the entry the newest of a queue. */
    public void move(int at, int intoQueue) {
        dequeue(at);
        enqueue(at, intoQueue);
    }

    public int queue(int at) {
        return queue[at];
    }

    /** The entry that has been longest in a queue, or NONE. */
    public int oldest(int inQueue) {
        return oldest[inQueue];
    }

    public long sourceHigh(int at) {
        return high[at];
    }

    public long sourceLow(int at) {
        return low[at];
    }

    /** The node in a slot, or NONE after the last one. */
    public int node(int at, int slot) {
        return nodes[at * slots + slot];
    }

    /** When the sequence in this slot began, as it was {@link #set}. */
    public long start(int at, int slot) {
        return starts[at * slots + slot];
    }

    public void set(int at, int slot, int node, long start) {
        nodes[at * slots + slot] = node;
        starts[at * slots + slot] = start;
    }

    private void clear(int at) {
        Arrays.fill(nodes, at * slots, (at + 1) * slots, NONE);
    }

    private void link(int at) {
        int bucket = bucket(high[at], low[at]);
        chain[at] = buckets[bucket];
        buckets[bucket] = at;
    }

    private void enqueue(int at, int intoQueue) {
        queue[at] = (byte) intoQueue;
        newer[at] = NONE;
        older[at] = newest[intoQueue];
        if (newest[intoQueue] == NONE) {
            oldest[intoQueue] = at;
        } else {
            newer[newest[intoQueue]] = at;
        }
        newest[intoQueue] = at;
        count[intoQueue]++;
    }

    private void dequeue(int at) {
        int from = queue[at];
        if (older[at] == NONE) {
            oldest[from] = newer[at];
        } else {
            newer[older[at]] = newer[at];
        }
        if (newer[at] == NONE) {
            newest[from] = older[at];
        } else {
            older[newer[at]] = older[at];
        }
        count[from]--;
    }

    private void grow() {
        int size = (int) Math.min(capacity, (long) chain.length * GROWTH);
        chain = Arrays.copyOf(chain, size);
        high = Arrays.copyOf(high, size);
        low = Arrays.copyOf(low, size);
        queue = Arrays.copyOf(queue, size);
        newer = Arrays.copyOf(newer, size);
        older = Arrays.copyOf(older, size);
        nodes = Arrays.copyOf(nodes, size * slots);
        starts = Arrays.copyOf(starts, size * slots);
        buckets = new int[Integer.highestOneBit(size) * 2];
        Arrays.fill(buckets, NONE);
        for (int at = 0; at < used; at++) { // every entry is in use: growing happens only when none is free
            link(at);
        }
    }

    private int bucket(long sourceHigh, long sourceLow) {
        long mixed = mix(sourceHigh ^ hashKey);
        mixed = mix(mixed ^ sourceLow);
        return (int) mixed & (buckets.length - 1);
    }

    /** The finaliser of SplitMix64: every input bit changes every output bit with probability about one half. */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
        return z ^ (z >>> 31);
    }
}
