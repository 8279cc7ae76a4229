package tirl.fwknop.gate;

/** So much working time at once, and a share of the time in the long run. Time is a parameter. */
public final class Allowance {
    private static final int ALL = 100;

    private final long atOnceNs;
    private final int percent;
    private long spentNs;
    private long asOfNs;

    /**
     * @param atOnceNs working time at once
     * @param percent of the time, after that
     */
    public Allowance(long atOnceNs, int percent) {
        if (atOnceNs < 1 || percent < 1 || percent > ALL) {
            throw new IllegalArgumentException(atOnceNs + " ns, " + percent + " %");
        }
        this.atOnceNs = atOnceNs;
        this.percent = percent;
    }

    /** Whether there is time left. */
    public boolean isOpen(long nowNs) {
        recover(nowNs);
        return spentNs < atOnceNs;
    }

    /** This much was worked. */
    public void spend(long nowNs, long workedNs) {
        recover(nowNs);
        spentNs += workedNs;
    }

    private void recover(long nowNs) {
        // Nothing is spent at first, so the first reading may be any.
        spentNs = Math.max(0, spentNs - Math.max(0, nowNs - asOfNs) / ALL * percent);
        asOfNs = nowNs;
    }
}
