package tirl.join;

import java.util.List;

/**
 * A static rule of tirl that stands in a foreign chain, wanted or not.
 *
 * @param handle by which nft names it; empty for iptables
 */
public record OwnRule(JoinPoint point, JoinRule rule, String handle) {
    /** The command that takes it away. */
    public List<String> removal() {
        return point.removal(rule, handle);
    }
}
