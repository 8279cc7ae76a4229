package tirl.daemon.config;

import java.util.List;
import tirl.config.Config;
import tirl.config.Config.FirewallMode;

/** What rules of iptables cannot do, said where the file asks for it. */
final class IptablesBounds {
    private static final String REMEDY = "; take it out, or install nftables and write firewall = \"guard\"";

    private IptablesBounds() {}

    static void check(Config config, List<Section> services, Problems problems) {
        if (config.firewall() != FirewallMode.IPTABLES) {
            return;
        }
        for (Section service : services) {
            if (service.has("forward")) {
                problems.error(
                        service.position("forward"),
                        "forward needs nftables, and this file has firewall = \"iptables\"" + REMEDY);
            }
        }
    }
}
