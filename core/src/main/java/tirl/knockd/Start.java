package tirl.knockd;

/**
 * When an attempt began, in one number: the second, and which of the source's remembered beginnings it was. knockd
 * follows and logs attempts in the order in which they began.
 */
final class Start {
    private static final int ROUND_BITS = 20;

    private Start() {}

    static long of(long seconds, int round) {
        return seconds << ROUND_BITS | round;
    }

    static long seconds(long start) {
        return start >> ROUND_BITS;
    }

    static int round(long start) {
        return (int) start & ((1 << ROUND_BITS) - 1);
    }
}
