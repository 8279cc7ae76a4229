package tirl.spa.gate;

import java.util.Arrays;

/**
 * Which counters of a peer were accepted (RFC 6479): a ring of bits over the last {@link #SIZE} counters. Counters are
 * unsigned and never 0. Whoever uses it writes it down before anything opens.
 */
public final class ReplayWindow {
    /** How far behind the highest counter one may be. */
    public static final int SIZE = 256;
    /** One word more than the window has, so that a whole one can be cleared while the others count (RFC 6479). */
    static final int WORDS = SIZE / Long.SIZE + 1;

    private final long[] bits;
    private long highest;

    /** Nothing was accepted. */
    public ReplayWindow() {
        bits = new long[WORDS];
    }

    private ReplayWindow(long[] bits, long highest) {
        this.bits = bits;
        this.highest = highest;
    }

    /** From what {@link #toLongs} gave; anything else is a bug or a damaged store, which must not pass for an empty window. */
    public static ReplayWindow of(long[] longs) {
        if (longs.length != WORDS + 1) {
            throw new IllegalArgumentException("a replay window has " + (WORDS + 1) + " words, not " + longs.length);
        }
        return new ReplayWindow(Arrays.copyOf(longs, WORDS), longs[WORDS]);
    }

    /** For the store. */
    public long[] toLongs() {
        long[] longs = Arrays.copyOf(bits, WORDS + 1);
        longs[WORDS] = highest;
        return longs;
    }

    /** Whether the counter may be accepted. Changes nothing. */
    public boolean isNew(long counter) {
        if (counter == 0) {
            return false;
        }
        if (Long.compareUnsigned(counter, highest) > 0) {
            return true;
        }
        return Long.compareUnsigned(highest - counter, SIZE) < 0 && (bits[word(counter)] & bit(counter)) == 0;
    }

    /** Takes a counter that {@link #isNew}; false, and no change, for any other. */
    public boolean accept(long counter) {
        if (!isNew(counter)) {
            return false;
        }
        if (Long.compareUnsigned(counter, highest) > 0) {
            long steps = (counter >>> 6) - (highest >>> 6);
            for (long i = 1; i <= Math.min(steps, WORDS); i++) {
                bits[(int) Long.remainderUnsigned((highest >>> 6) + i, WORDS)] = 0;
            }
            highest = counter;
        }
        bits[word(counter)] |= bit(counter);
        return true;
    }

    /** The highest counter that was accepted, unsigned; 0 for none. */
    public long highest() {
        return highest;
    }

    private static int word(long counter) {
        return (int) Long.remainderUnsigned(counter >>> 6, WORDS);
    }

    private static long bit(long counter) {
        return 1L << (counter & 63);
    }
}
