package tirl.spa.gate;

/**
 * The live tokens of all peers: open addressing over two primitive arrays, at most half full, behind a filter of four bits for each
 * place. A miss, which is what a flood costs, is one look at the filter as a rule: with 10,000 devices the arrays are 12 MB,
 * which no cache of one core holds, and the filter is half a megabyte. Made whole for the epochs that are live, by any
 * thread; then used by one.
 */
public final class TokenTable {
    /** No peer has this token, or its packet was used. */
    public static final int NONE = -1;

    private static final int LEAST_CAPACITY = 64;
    /** The sign bit of an entry: the token was consumed. */
    private static final int CONSUMED = Integer.MIN_VALUE;
    /** Of the filter, for each place; as a power of two. At most every eighth is set. */
    private static final int BITS_EACH_LOG = 2;

    private final long hashKey;
    private long[] tokens;
    private int[] peers;
    /** A bit for each token that is there: one whose bit is not set is not. */
    private long[] filter;

    private int shift;
    private int size;

    /**
     * @param expected how many tokens it is to hold; more make it grow
     * @param hashKey a secret random number: a device that chooses its key must not choose its place
     */
    public TokenTable(int expected, long hashKey) {
        this.hashKey = hashKey;
        int capacity = LEAST_CAPACITY;
        while (capacity < expected * 2L) {
            capacity *= 2;
        }
        tokens = new long[capacity];
        peers = new int[capacity];
        filter = filter(capacity);
        shift = Long.numberOfLeadingZeros(capacity) + 1;
    }

    /**
     * Adds a token. One that is there already stays with its first owner: between honest peers that does not happen in
     * a lifetime. Zero marks a free place and is never live.
     */
    public void add(long token, int peer) {
        if (token == 0 || peer < 0) {
            return;
        }
        if (size >= tokens.length / 2) {
            grow();
        }
        int at = find(token);
        if (tokens[at] == 0) {
            enter(at, token, peer);
            size++;
        }
    }

    private static long[] filter(int capacity) {
        return new long[(capacity << BITS_EACH_LOG) / Long.SIZE];
    }

    private void enter(int at, long token, int peer) {
        tokens[at] = token;
        peers[at] = peer;
        int bit = bit(token);
        filter[bit / Long.SIZE] |= 1L << bit;
    }

    /**
     * Gives a token that is there to another peer: its owner is gone and has come again under another number. One that was
     * consumed stays so.
     */
    void handOver(long token, int peer) {
        int at = find(token);
        if (tokens[at] != 0) {
            peers[at] = peer | (peers[at] & CONSUMED);
        }
    }

    /** Whose token it is, consumed or not; {@link #NONE} when it is not there. */
    int owner(long token) {
        int at = find(token);
        return tokens[at] == 0 || token == 0 ? NONE : peers[at] & ~CONSUMED;
    }

    /** Whose token it is, or {@link #NONE}. Allocates nothing. */
    public int peer(long token) {
        int bit = bit(token);
        if ((filter[bit / Long.SIZE] & (1L << bit)) == 0) {
            return NONE;
        }
        int at = find(token);
        return tokens[at] == 0 || peers[at] < 0 || token == 0 ? NONE : peers[at];
    }

    /** From now on nobody's. It keeps its place, so that the probes of others still find theirs. */
    public void consume(long token) {
        int at = find(token);
        if (tokens[at] != 0) {
            peers[at] |= CONSUMED;
        }
    }

    /** Takes over what the table before this one knew to be consumed, as far as it is live here too. */
    public void inherit(TokenTable before) {
        for (int at = 0; at < before.tokens.length; at++) {
            if (before.peers[at] < 0) {
                consume(before.tokens[at]);
            }
        }
    }

    /** How many tokens it holds, consumed ones included. */
    public int size() {
        return size;
    }

    /** Bytes of its arrays. */
    public long bytes() {
        return tokens.length * (long) (Long.BYTES + Integer.BYTES) + filter.length * (long) Long.BYTES;
    }

    /** Fibonacci hashing: the high bits of the product depend on all bits of the token. */
    private long hash(long token) {
        return (token ^ hashKey) * 0x9e37_79b9_7f4a_7c15L;
    }

    private int bit(long token) {
        return (int) (hash(token) >>> (shift - BITS_EACH_LOG));
    }

    /** Where the token is, or the free place where its probes end. */
    private int find(long token) {
        int mask = tokens.length - 1;
        int at = (int) (hash(token) >>> shift);
        while (tokens[at] != token && tokens[at] != 0) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        long[] oldTokens = tokens;
        int[] oldPeers = peers;
        tokens = new long[oldTokens.length * 2];
        peers = new int[oldTokens.length * 2];
        filter = filter(tokens.length);
        shift--;
        for (int i = 0; i < oldTokens.length; i++) {
            if (oldTokens[i] != 0) {
                enter(find(oldTokens[i]), oldTokens[i], oldPeers[i]);
            }
        }
    }
}
