package tirl.join;

import tirl.join.JoinPoint.IptablesChain;

/**
 * A foreign chain that drops, and whether the static rule saves leased packets from it.
 *
 * @param forward whether the chain is on the way to other machines and not to this one
 */
public record Finding(FirewallKind kind, JoinPoint point, boolean forward, Standing standing) {
    /** Where the static rule is. */
    public enum Standing {
        /** Before the first rule that drops. */
        IN_PLACE,
        MISSING,
        /** It is there, but packets are dropped before they come to it. */
        BEHIND_A_DROP
    }

    /** Whether leased packets get past this chain. */
    public boolean isGood() {
        return standing == Standing.IN_PLACE;
    }

    /** Whether a rule there was put before the chain of this finding was there: the hook's own, when another is better. */
    public boolean supersedes(JoinPoint other) {
        return point instanceof IptablesChain mine
                && other.equals(new IptablesChain(mine.variant(), mine.ipv6(), forward ? "FORWARD" : "INPUT"))
                && !other.equals(point);
    }

    /** One line: what is so and, when it is not good, what to do. */
    public String told(JoinRule rule) {
        String head = kind.title() + ", " + point.where() + ": ";
        return switch (standing) {
            case IN_PLACE -> head + "the join rule is in place, before the drop";
            case MISSING ->
                head + "the join rule is missing, so leased packets are dropped; run `tirl init`, or `"
                        + String.join(" ", point.insertion(rule)) + "`";
            case BEHIND_A_DROP ->
                head + "the join rule comes after a rule that drops, so leased packets do not reach it; run "
                        + "`tirl init`, which moves it to the head of the chain";
        };
    }
}
