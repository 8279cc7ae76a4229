package tirl.ruleset;

import java.util.List;
import tirl.config.Config.PortRange;
import tirl.config.Notation;

/**
 * The part of the table that keeps SPA's ports silent: this host would answer "port unreachable" where it answers nothing
 * elsewhere. The capture sees packets before this. A conversation that this host began from such a port goes on.
 *
 * <p>Our own answers are not tracked. Otherwise a second packet of the same client would belong to the "conversation" that
 * the first answer began and would pass; and a rule of somebody else might translate the answer's address. The hook comes
 * with the first configuration that needs it; the chains are always there, as those of {@link ForwardRules}.
 */
public final class SilentRules {
    /** The priority of the packets that carry answers: the rules know them by it. The letters of "tirl". */
    public static final int ANSWER_PRIORITY = 0x7469_726c;

    private static final String PRIORITY =
            Integer.toHexString(ANSWER_PRIORITY >>> 16) + ":" + Integer.toHexString(ANSWER_PRIORITY & 0xffff);

    private SilentRules() {}

    /** @param trial ports on trial; the kernel itself looks whether it lasts */
    static String rules(List<PortRange> ports, List<PortRange> trial) {
        StringBuilder text = new StringBuilder("""
                add chain inet tirl untracked
                flush chain inet tirl untracked
                """);
        ports.forEach(range -> text.append(drop(range, "")));
        trial.forEach(range -> text.append(drop(range, "meta l4proto @trial ")));
        if (!ports.isEmpty() || !trial.isEmpty()) {
            text.append("""
                    add chain inet tirl replies { type filter hook output priority raw; policy accept; }
                    flush chain inet tirl replies
                    add rule inet tirl replies jump untracked
                    add rule inet tirl untracked meta priority %s udp length 104 notrack
                    """.formatted(PRIORITY));
        }
        return text.toString();
    }

    private static String drop(PortRange ports, String condition) {
        return "add rule inet tirl guard " + condition + "fib daddr type { local, broadcast, multicast } udp dport "
                + Notation.write(ports) + " ct state new counter drop\n";
    }
}
