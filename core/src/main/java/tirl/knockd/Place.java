package tirl.knockd;

/** The place of an outcome among those of one packet: timeouts first, then by beginning, then by door. */
final class Place {
    /** After everything that concerns the packet's own source. */
    static final long LAST = Long.MAX_VALUE;

    private Place() {}

    static long ofTimeout(int round, int door) {
        return (long) round << 32 | door;
    }

    static long ofMove(int round, int door) {
        return 1L << 62 | ofTimeout(round, door);
    }
}
