package tirl.daemon.fwknop;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tirl.daemon.spa.Claim;
import tirl.daemon.spa.ClaimWriter;
import tirl.daemon.spa.SpaClock;
import tirl.daemon.store.Store.Work;

/** The daemon before this one: which packets it may have taken, as far as its store tells. Decision thread only. */
final class Predecessor {
    private static final long MILLI_NS = 1_000_000;

    private final SpaClock clock;
    private final long startNs;
    private SeenPackets.@Nullable Kept kept;
    private long newestTakenOverS = Long.MIN_VALUE / 2;
    private int telling;
    private boolean asked;

    /** Everything is possible until {@link #ask}. */
    Predecessor(SpaClock clock) {
        this.clock = clock;
        startNs = clock.nanoTime().getAsLong();
    }

    /** There was none. */
    static Predecessor none(SpaClock clock) {
        Predecessor none = new Predecessor(clock);
        none.asked = true;
        none.kept = SeenPackets.Kept.NOTHING;
        return none;
    }

    /** Has the store tell, once, and note that this daemon runs; claims are written in their order, so before any packet's. */
    void ask(ClaimWriter claims) {
        if (asked) {
            return;
        }
        asked = true;
        AtomicReference<SeenPackets.Kept> found = new AtomicReference<>(SeenPackets.Kept.NOTHING);
        Work<SeenPackets.Kept> begin = session -> {
            found.set(SeenPackets.begin(session));
            return found.get();
        };
        claims.write(new Claim(begin, () -> kept = found.get()), _ -> asked = false);
    }

    /** fwknopd's packets are being taken over; any may be among them until {@link #told}. */
    void tells() {
        telling++;
    }

    /** They are in the store, with times up to this Unix time. */
    void told(long untilS) {
        telling--;
        newestTakenOverS = Math.max(newestTakenOverS, untilS);
    }

    /** To be called when all packets that were used are on disk: the next daemon is to know. */
    void end(ClaimWriter claims) {
        if (asked) {
            claims.write(new Claim(SeenPackets::end, () -> {}), _ -> {});
        }
    }

    /**
     * Whether it may have taken a packet that was made then (Unix time) without a trace: it did not end in order, and this
     * was before the start, told by the clock as it is now.
     */
    boolean mayHaveTaken(long madeS) {
        long sinceStartMs = (clock.nanoTime().getAsLong() - startNs) / MILLI_NS;
        long startS = Math.floorDiv(clock.wall().millis() - sinceStartMs, 1000);
        return (kept == null || !kept.complete()) && madeS <= startS;
    }

    /**
     * Whether the store cannot have a packet of it that was made then.
     *
     * @param ageS how far the time of a packet may be off that of its receipt, which is all that fwknopd has kept
     */
    boolean wasOverBefore(long madeS, long ageS) {
        return kept != null && telling == 0 && madeS > Math.max(kept.newestS(), newestTakenOverS) + ageS;
    }
}
