package tirl.ruleset;

import java.time.Duration;

/**
 * A configuration on trial over the confirmed one. What could lock somebody out ends in the kernel when the time is over,
 * whether a daemon lives or not: ports that are guarded by the trial are open again, forwards and cut are as before.
 * What the trial would open stays as it is until it is confirmed: ports that it does not guard any more stay shut, and
 * break-glass is that of the confirmed configuration.
 *
 * @param left from the moment that the kernel gets it; never less than a millisecond, as nft takes 0 for "no timeout"
 */
public record TrialRuleset(GuardRuleset confirmed, GuardRuleset next, Duration left) {
    private static final Duration LEAST = Duration.ofMillis(1);

    public TrialRuleset {
        left = left.compareTo(LEAST) < 0 ? LEAST : left;
    }

    /** Input for {@code nft -f -}: one transaction, over any ruleset of ours. */
    public String nft() {
        // Rules for leases that lead elsewhere do nothing without one.
        return confirmed.withNat(next.nat()).nft(TrialRules.of(confirmed, next, left));
    }

    /** The same, for a kernel where break-glass was installed before. */
    public String nftOverBreakGlass() {
        return BreakGlassRuleset.cleanup(confirmed.breakGlass().isPresent()) + nft();
    }
}
