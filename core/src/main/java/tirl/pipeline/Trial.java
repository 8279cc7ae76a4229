package tirl.pipeline;

import java.time.Duration;
import tirl.config.Config;
import tirl.grant.Firewall;
import tirl.grant.FirewallException;
import tirl.ruleset.GuardRuleset;
import tirl.ruleset.TrialRuleset;

/**
 * The time in which a configuration has to be confirmed.
 *
 * @param confirmed to which everything goes back
 * @param endsNs on the clock of the pipeline
 */
public record Trial(Config confirmed, long endsNs) {
    public Duration left(long now) {
        return Duration.ofNanos(Math.max(0, endsNs - now));
    }

    public boolean isOver(long now) {
        return endsNs - now <= 0;
    }

    /**
     * Puts the rules in place for the time that is left.
     *
     * @param nat whether live leases lead elsewhere
     */
    void install(Config next, Firewall firewall, boolean nat, long now) throws FirewallException {
        GuardRuleset old = GuardRuleset.of(confirmed).withNat(nat);
        if (isOver(now)) {
            firewall.install(old);
        } else {
            firewall.install(new TrialRuleset(old, GuardRuleset.of(next), left(now)));
        }
    }
}
