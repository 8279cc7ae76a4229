package tirl.spa.gate;

/** So many at once, and one more every so often. Time is a parameter and may be any monotonic clock. */
public final class Budget {
    private final long intervalNs;
    private final long burstNs;
    /** When the budget is full again: the generic cell rate algorithm keeps this and nothing else. */
    private long fullNs;

    private boolean used;

    /**
     * @param burst how many at once
     * @param intervalNs after which there is one more
     */
    public Budget(int burst, long intervalNs) {
        if (burst < 1 || intervalNs < 1) {
            throw new IllegalArgumentException("burst " + burst + ", interval " + intervalNs);
        }
        this.intervalNs = intervalNs;
        burstNs = burst * intervalNs;
    }

    /** Whether there is one to take. Changes nothing. */
    public boolean has(long nowNs) {
        return !used || fullNs - nowNs <= burstNs - intervalNs;
    }

    /** Takes one; to be called only when there is one. */
    public void take(long nowNs) {
        fullNs = used && fullNs - nowNs > 0 ? fullNs + intervalNs : nowNs + intervalNs;
        used = true;
    }
}
