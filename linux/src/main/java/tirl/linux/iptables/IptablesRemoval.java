package tirl.linux.iptables;

import java.util.List;
import tirl.grant.FirewallException;
import tirl.ruleset.iptables.IptablesRuleset;

/** Takes away our chains, the jumps to them and our sets; of nobody else anything. */
public final class IptablesRemoval {
    private IptablesRemoval() {}

    /** Does nothing where nothing of ours is. */
    public static void run() throws FirewallException {
        for (Iptables family : Iptables.all()) {
            List<String> listed = family.rules();
            if (IptablesRuleset.isThere(listed)) {
                family.restore("taking the rules away", IptablesRuleset.uninstall(listed));
            }
        }
        LeaseSets.destroy();
    }
}
