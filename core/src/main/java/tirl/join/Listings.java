package tirl.join;

import java.util.Map;

/**
 * What the tools of this host print about its rules.
 *
 * @param nft the output of {@code nft -a -t list ruleset}; empty when there is no nftables
 * @param saved the output of each iptables-save that is there
 */
public record Listings(String nft, Map<Program, String> saved) {
    public Listings {
        saved = Map.copyOf(saved);
    }

    /** One of the four iptables programs. */
    public record Program(Variant variant, boolean ipv6) {
        /** Such as {@code ip6tables-legacy-save}. */
        public String save() {
            return variant.program(ipv6) + "-save";
        }
    }
}
