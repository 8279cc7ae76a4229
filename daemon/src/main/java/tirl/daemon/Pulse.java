package tirl.daemon;

import java.util.Arrays;
import java.util.List;

/**
 * What the decision loop does in regular intervals to show that it works: only from its own thread and only at the end
 * of a full turn, so that a loop that hangs anywhere is soon missed.
 */
final class Pulse {
    /** Somebody who wants to know. */
    interface Beat {
        /** {@link #NEVER} while nobody wants to know; may change. */
        long intervalNs();

        void beat(long nowNs);
    }

    static final long NEVER = Long.MAX_VALUE;

    private final List<Beat> beats;
    private final long[] lastNs;
    private final boolean[] due;

    Pulse(List<Beat> beats) {
        this.beats = List.copyOf(beats);
        lastNs = new long[beats.size()];
        due = new boolean[beats.size()];
        soon();
    }

    /** Lets every beat be due at the end of this turn, or of the first. */
    void soon() {
        Arrays.fill(due, true);
    }

    void turnEnded(long nowNs) {
        for (int i = 0; i < due.length; i++) {
            long intervalNs = beats.get(i).intervalNs();
            if (intervalNs != NEVER && (due[i] || nowNs - lastNs[i] >= intervalNs)) {
                due[i] = false;
                lastNs[i] = nowNs;
                beats.get(i).beat(nowNs);
            }
        }
    }

    /** How long the loop may wait; {@link #NEVER} for as long as it likes. */
    long untilNextNs(long nowNs) {
        long until = NEVER;
        for (int i = 0; i < due.length; i++) {
            long intervalNs = beats.get(i).intervalNs();
            if (intervalNs != NEVER) {
                until = Math.min(until, due[i] ? 0 : Math.max(0, intervalNs - (nowNs - lastNs[i])));
            }
        }
        return until;
    }
}
