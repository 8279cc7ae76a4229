package tirl.recognise;

import java.util.Arrays;

/**
 * From a node and a symbol to the next node: an open-addressing table, filled once at load. Keys come from the
 * configuration, never from packets, so no hash flooding is possible.
 */
final class EdgeTable {
    static final int NONE = -1;

    private final long[] keys;
    private final int[] values;

    /** Room for {@code edges} edges at half load. */
    EdgeTable(int edges) {
        int size = Integer.highestOneBit(Math.max(edges, 4)) * 4;
        keys = new long[size];
        values = new int[size];
        Arrays.fill(values, NONE);
    }

    void put(int node, int symbol, int child) {
        int at = slot(key(node, symbol));
        keys[at] = key(node, symbol);
        values[at] = child;
    }

    /** The child of {@code node} by {@code symbol}, or {@link #NONE}. */
    int get(int node, int symbol) {
        return values[slot(key(node, symbol))];
    }

    private static long key(int node, int symbol) {
        return (long) node << 20 | symbol;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int at = (int) ((key * 0x9e37_79b9_7f4a_7c15L) >>> 32) & mask;
        while (values[at] != NONE && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }
}
