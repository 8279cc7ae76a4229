package tirl.fwknop.gate;

/** So much working time at once, and a share of the time in the long run. Time is a parameter. */
public final class Allowance {
    private static final int ALL = 100;
    /** Eleven days: no sum of ours overflows. */
    private static final long LONGEST_NS = 1_000_000_000_000_000L;

    private final long atOnceNs;
    private final int percent;
    /** In hundredths of a nanosecond: what recovers between two readings that are close together counts as well. */
    private long spent;

    private long asOfNs;

    /**
     * @param atOnceNs working time at once
     * @param percent of the time, after that
     */
    public Allowance(long atOnceNs, int percent) {
        if (atOnceNs < 1 || atOnceNs > LONGEST_NS || percent < 1 || percent > ALL) {
            throw new IllegalArgumentException(atOnceNs + " ns, " + percent + " %");
        }
        this.atOnceNs = atOnceNs;
        this.percent = percent;
    }

    /** Whether there is time left. */
    public boolean isOpen(long nowNs) {
        recover(nowNs);
        return spent < atOnceNs * ALL;
    }

    /** This much was worked. */
    public void spend(long nowNs, long workedNs) {
        recover(nowNs);
        spent += Math.min(workedNs, LONGEST_NS) * ALL;
    }

    private void recover(long nowNs) {
        // Nothing is spent at first, so the first reading may be any.
        spent = Math.max(0, spent - Math.clamp(nowNs - asOfNs, 0, LONGEST_NS) * percent);
        asOfNs = nowNs;
    }
}
