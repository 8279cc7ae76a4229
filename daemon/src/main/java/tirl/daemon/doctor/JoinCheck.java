package tirl.daemon.doctor;

import java.util.List;
import tirl.config.Config;
import tirl.config.Config.FirewallMode;
import tirl.daemon.join.HostFirewalls;
import tirl.daemon.join.JoinException;
import tirl.join.Detection;
import tirl.join.JoinRule;

/** In join mode, whether each foreign chain that drops has our rule, and before its drop. */
final class JoinCheck {
    private static final String CHECK = "join rule";

    private JoinCheck() {}

    static List<Finding> findings(Config config) {
        if (config.firewall() != FirewallMode.JOIN) {
            return List.of();
        }
        JoinRule rule = new JoinRule(config.mark());
        try {
            return findings(new HostFirewalls().check(rule, config.forwards()), rule);
        } catch (JoinException e) {
            return List.of(Finding.doubtful(CHECK, e.reason(), ""));
        }
    }

    private static List<Finding> findings(Detection detection, JoinRule rule) {
        if (detection.findings().isEmpty()) {
            return List.of(Finding.doubtful(
                    CHECK, "no other firewall of this host drops anything", "firewall = \"guard\" is enough"));
        }
        return detection.findings().stream()
                .map(each ->
                        each.isGood() ? Finding.good(CHECK, each.told(rule)) : Finding.bad(CHECK, each.told(rule), ""))
                .toList();
    }
}
