package tirl.linux.firewall;

import java.util.List;
import tirl.grant.FirewallException;
import tirl.ruleset.GuardRuleset;

/** Our table as the kernel has it. */
public final class LoadedTable {
    private LoadedTable() {}

    /**
     * What {@code nft -j} tells of a set of our table, JSON.
     *
     * @throws FirewallException when there is no such set, or nft cannot be run
     */
    public static String json(String set) throws FirewallException {
        return NftCommand.run(
                "listing the set " + set, "", List.of("-j", "list", "set", "inet", GuardRuleset.TABLE, set));
    }
}
