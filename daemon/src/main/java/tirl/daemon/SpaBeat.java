package tirl.daemon;

import tirl.daemon.spa.SpaPart;

/** Clocks and deadlines of SPA, for as long as it is wanted. */
record SpaBeat(SpaPart spa) implements Pulse.Beat {
    private static final long INTERVAL_NS = 1_000_000_000L;

    @Override
    public long intervalNs() {
        return spa.isWanted() ? INTERVAL_NS : Pulse.NEVER;
    }

    @Override
    public void beat(long nowNs) {
        spa.beat(nowNs);
    }
}
