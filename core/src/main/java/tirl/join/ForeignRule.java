package tirl.join;

import java.util.List;

/**
 * One rule of a foreign chain, as far as it matters here.
 *
 * @param effect what becomes of a packet to a guarded port
 * @param targets chains that it may go on to
 * @param mark that it accepts when it is the static rule of tirl, else 0
 * @param handle by which nft names it; empty for iptables
 */
record ForeignRule(Effect effect, List<String> targets, int mark, String handle) {
    /** What a rule does to packets that it is not written against in particular. */
    enum Effect {
        /** Drops or rejects packets; not only invalid ones, ICMP, or those of listed sources. */
        DROPS,
        /** Accepts everything. */
        ACCEPTS,
        /** May jump to other chains. */
        JUMPS,
        /** Nothing of that. */
        PASSES
    }

    static ForeignRule of(Effect effect) {
        return new ForeignRule(effect, List.of(), 0, "");
    }
}
