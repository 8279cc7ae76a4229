package tirl.recognise;

import java.util.Arrays;

/**
 * Half-done sequences by source. Their entries stand in one of two queues, {@link #FIRST} for sources that have made one right
 * knock and {@link #FURTHER} for those that have made more, and are in pages that are made when they are needed and never
 * copied: the table grows in the midst of a flood.
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
    private static final int NO_QUEUE = -1;
    private static final int PAGE_SHIFT = 6;
    private static final int PAGE = 1 << PAGE_SHIFT;

    // Of an entry in a page of long numbers; the starts of its slots follow.
    private static final int HIGH = 0;
    private static final int LOW = 1;
    private static final int STARTS = 2;
    // Of an entry in a page of short ones; the nodes of its slots follow. A free entry has the next free one in NEWER.
    private static final int NEWER = 0;
    private static final int OLDER = 1;
    private static final int QUEUE = 2;
    private static final int NODES = 3;

    private final int capacity;
    /** Prefixes that one source can be in at once. */
    private final int slots;

    private final SourceIndex index;
    private final long[][] longs;
    private final int[][] ints;

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
        index = new SourceIndex(hashKey);
        int pages = ((capacity - 1) >> PAGE_SHIFT) + 1;
        longs = new long[pages][];
        ints = new int[pages][];
    }

    public int size() {
        return count[FIRST] + count[FURTHER];
    }

    public int slots() {
        return slots;
    }

    /** The entry of a source, or NONE. */
    public int find(long sourceHigh, long sourceLow) {
        int hash = index.hash(sourceHigh, sourceLow);
        for (int slot = index.first(hash); slot != SourceIndex.NONE; slot = index.next(slot, hash)) {
            int at = index.entry(slot);
            if (sourceHigh(at) == sourceHigh && sourceLow(at) == sourceLow) {
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
            free = number(at, NEWER);
        } else {
            at = used++;
            if ((at & (PAGE - 1)) == 0) {
                longs[at >> PAGE_SHIFT] = new long[PAGE * (STARTS + slots)];
                ints[at >> PAGE_SHIFT] = new int[PAGE * (NODES + slots)];
            }
        }
        long[] page = longs[at >> PAGE_SHIFT];
        page[longAt(at, HIGH)] = sourceHigh;
        page[longAt(at, LOW)] = sourceLow;
        index.put(index.hash(sourceHigh, sourceLow), at);
        enqueue(at, intoQueue);
        Arrays.fill(ints[at >> PAGE_SHIFT], intAt(at, NODES), intAt(at, NODES + slots), NONE);
        return at;
    }

    public void remove(int at) {
        dequeue(at);
        index.remove(index.hash(sourceHigh(at), sourceLow(at)), at);
        number(at, NEWER, free);
        free = at;
        number(at, QUEUE, NO_QUEUE);
    }

    /** One more than the largest entry there ever was: for visiting all, with {@link #isLive}. */
    public int end() {
        return used;
    }

    public boolean isLive(int at) {
        return number(at, QUEUE) != NO_QUEUE;
    }

    /** Makes the entry the newest of a queue. */
    public void move(int at, int intoQueue) {
        dequeue(at);
        enqueue(at, intoQueue);
    }

    public int queue(int at) {
        return number(at, QUEUE);
    }

    /** The entry that has been longest in a queue, or NONE. */
    public int oldest(int inQueue) {
        return oldest[inQueue];
    }

    public long sourceHigh(int at) {
        return longs[at >> PAGE_SHIFT][longAt(at, HIGH)];
    }

    public long sourceLow(int at) {
        return longs[at >> PAGE_SHIFT][longAt(at, LOW)];
    }

    /** The node in a slot, or NONE after the last one. */
    public int node(int at, int slot) {
        return number(at, NODES + slot);
    }

    /** When the sequence in this slot began, as it was {@link #set}. */
    public long start(int at, int slot) {
        return longs[at >> PAGE_SHIFT][longAt(at, STARTS + slot)];
    }

    public void set(int at, int slot, int node, long start) {
        number(at, NODES + slot, node);
        longs[at >> PAGE_SHIFT][longAt(at, STARTS + slot)] = start;
    }

    private void enqueue(int at, int intoQueue) {
        int before = newest[intoQueue];
        number(at, QUEUE, intoQueue);
        number(at, NEWER, NONE);
        number(at, OLDER, before);
        if (before == NONE) {
            oldest[intoQueue] = at;
        } else {
            number(before, NEWER, at);
        }
        newest[intoQueue] = at;
        count[intoQueue]++;
    }

    private void dequeue(int at) {
        int from = number(at, QUEUE);
        int before = number(at, OLDER);
        int after = number(at, NEWER);
        if (before == NONE) {
            oldest[from] = after;
        } else {
            number(before, NEWER, after);
        }
        if (after == NONE) {
            newest[from] = before;
        } else {
            number(after, OLDER, before);
        }
        count[from]--;
    }

    private int number(int at, int field) {
        return ints[at >> PAGE_SHIFT][intAt(at, field)];
    }

    private void number(int at, int field, int value) {
        ints[at >> PAGE_SHIFT][intAt(at, field)] = value;
    }

    private int intAt(int at, int field) {
        return (at & (PAGE - 1)) * (NODES + slots) + field;
    }

    private int longAt(int at, int field) {
        return (at & (PAGE - 1)) * (STARTS + slots) + field;
    }
}
