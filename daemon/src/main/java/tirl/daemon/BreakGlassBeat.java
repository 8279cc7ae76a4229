package tirl.daemon;

import java.util.Optional;
import java.util.function.Supplier;
import tirl.daemon.log.Log;
import tirl.door.BreakGlass;
import tirl.grant.FirewallException;
import tirl.pipeline.BreakGlassWatch;

/** The heartbeat that the kernel waits for. */
final class BreakGlassBeat implements Pulse.Beat {
    /** So that one beat may be late and break-glass stays dormant. */
    private static final int BEATS_PER_AFTER = 3;

    private final BreakGlassWatch watch;
    private final Supplier<Optional<BreakGlass>> glass;
    private final Log log;
    private boolean failing;

    BreakGlassBeat(BreakGlassWatch watch, Supplier<Optional<BreakGlass>> glass, Log log) {
        this.watch = watch;
        this.glass = glass;
        this.log = log;
    }

    @Override
    public long intervalNs() {
        return glass.get().map(some -> some.after().toNanos() / BEATS_PER_AFTER).orElse(Pulse.NEVER);
    }

    @Override
    public void beat(long nowNs) {
        try {
            watch.beat(glass.get().orElseThrow(), nowNs);
            failing = false;
        } catch (FirewallException e) {
            if (!failing) {
                log.error("break-glass cannot be kept dormant: " + e.reason());
            }
            failing = true;
        }
    }
}
