package tirl.ruleset;

import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;
import tirl.config.Config.PortRange;
import tirl.config.Notation;
import tirl.door.BreakGlass;
import tirl.door.ServicePort;
import tirl.door.Step;

/**
 * The part of the table that recognises the break-glass sequence without a daemon. A source that has knocked right as far
 * as step i stands in the first i step sets. Any other touch takes it out of the first, without which the others count
 * for nothing; so the first one's timeout is the time for the whole sequence. None of it is reached while the
 * set {@link #ALIVE} holds the protocol of the packet.
 *
 * @param publicPorts whose touch spoils nothing
 * @param guardedRange whose touch spoils an attempt
 */
public record BreakGlassRuleset(BreakGlass glass, SortedSet<ServicePort> publicPorts, PortRange guardedRange) {
    /** The daemon's heartbeat: the protocols for which break-glass is dormant. */
    public static final String ALIVE = "alive";
    /** All other names of this part begin so. */
    public static final String PREFIX = "glass";
    /** Sources that the kernel has opened for. */
    public static final List<String> OPEN = List.of("glass_open4", "glass_open6");
    /** Sources that it has opened for, kept for {@link #MEMORY} to be told of. */
    public static final List<String> USED = List.of("glass_used4", "glass_used6");

    private static final String MEMORY = "30d";
    private static final List<String> FAMILIES = List.of("4", "6");
    /** Sources at their first step: what a flood of forged first knocks can fill. Nothing goes to make room. */
    private static final int FIRST_STEPS = 65_536;
    /** Who gets here knows the sequence in part. */
    private static final int FURTHER_STEPS = 4096;

    private static final int OPENINGS = 1024;
    /** A datagram that belongs to a conversation is no touch; a TCP segment is one when it begins a connection. */
    private static final String TCP_TOUCH = "tcp flags & (syn | ack) == syn";

    private static final String UDP_TOUCH = "meta l4proto udp ct state new";

    /** For the chain door, before its drop. */
    String doorRules() {
        String ports = elements(glass.ports());
        return """
                add rule inet tirl door ip saddr @glass_open4 meta l4proto . th dport { %1$s } accept
                add rule inet tirl door ip6 saddr @glass_open6 meta l4proto . th dport { %1$s } accept
                """.formatted(ports);
    }

    String sets() {
        StringBuilder text = new StringBuilder("add set inet tirl alive { type inet_proto; flags timeout; }\n");
        for (String family : FAMILIES) {
            text.append(set("glass_open" + family, OPENINGS)).append(set("glass_used" + family, OPENINGS));
            for (int step = 1; step < glass.sequence().size(); step++) {
                text.append(stepSet(step, family));
            }
        }
        return text.toString();
    }

    /** Chains and rules, and the way to them from the end of the chain guard: guarded ports never come here. */
    String rules() {
        StringBuilder text = new StringBuilder("add chain inet tirl glass\n");
        for (String family : FAMILIES) {
            text.append("add chain inet tirl glass%1$s\nadd chain inet tirl glass_opens%1$s\n".formatted(family));
        }
        if (!publicPorts.isEmpty()) {
            text.append(rule("glass", "meta l4proto . th dport { " + elements(publicPorts) + " } return"));
        }
        text.append(rule("glass", "meta nfproto ipv4 goto glass4")).append(rule("glass", "goto glass6"));
        FAMILIES.forEach(family -> steps(family, text));
        if (glass.sequence().stream().anyMatch(Step.Tcp.class::isInstance)) {
            text.append(wayIn(TCP_TOUCH));
        }
        if (glass.sequence().stream().anyMatch(Step.Udp.class::isInstance)) {
            text.append(wayIn(UDP_TOUCH));
        }
        return text.toString();
    }

    private static String wayIn(String touch) {
        return rule("guard", touch + " meta l4proto != @alive fib daddr type local goto glass");
    }

    private void steps(String family, StringBuilder text) {
        String chain = "glass" + family;
        String source = source(family);
        String element = " { " + source + " timeout " + Notation.write(glass.within()) + " }";
        int last = glass.sequence().size();
        text.append(rule(chain, at(last) + stands(last - 1, family) + "goto glass_opens" + family));
        for (int i = last - 1; i > 1; i--) {
            String notYet = source + " != @" + step(i, family) + " ";
            String next = "add @" + step(i, family) + element + " return";
            text.append(rule(chain, at(i) + stands(i - 1, family) + notYet + next));
            // The knock just accepted may come again, as SYN retransmits do.
            String noFurther = i + 1 < last ? source + " != @" + step(i + 1, family) + " " : "";
            text.append(rule(chain, at(i) + stands(i, family) + noFurther + "return"));
        }
        for (int i = 2; i < last; i++) {
            text.append(rule(chain, at(1) + delete(i, family, source)));
        }
        text.append(rule(chain, at(1) + "update @" + step(1, family) + element + " return"));
        if (!guardedRange.equals(PortRange.ALL)) {
            String steps =
                    glass.sequence().stream().map(BreakGlassRuleset::element).collect(Collectors.joining(", "));
            text.append(rule(chain, "meta l4proto . th dport { " + steps + " } " + delete(1, family, source)));
            text.append(rule(chain, "th dport != " + guardedRange.first() + "-" + guardedRange.last() + " return"));
        }
        text.append(rule(chain, delete(1, family, source)));
        opening(family, source, text);
    }

    private static String source(String family) {
        return family.equals("4") ? "ip saddr" : "ip6 saddr";
    }

    /** The source has come as far as this step, in time. */
    private static String stands(int step, String family) {
        String begun = source(family) + " @" + step(1, family) + " ";
        return step == 1 ? begun : begun + source(family) + " @" + step(step, family) + " ";
    }

    /** A full set ends its rule: what is logged has opened. */
    private void opening(String family, String source, StringBuilder text) {
        String chain = "glass_opens" + family;
        text.append(rule(chain, delete(1, family, source)));
        text.append(rule(chain, "update @glass_used" + family + " { " + source + " timeout " + MEMORY + " }"));
        text.append(rule(
                chain,
                "update @glass_open" + family + " { " + source + " timeout " + Notation.write(glass.lease())
                        + " } limit rate 10/minute burst 5 packets counter log prefix \"tirl break-glass: \""));
    }

    private String at(int number) {
        return glass.sequence().get(number - 1).toString().replace("/", " dport ") + " ";
    }

    /**
     * Takes away what an earlier ruleset left of this part, in front of the text of the next one.
     *
     * @param keep whether the next one has this part too: heartbeat and openings then stay
     */
    static String cleanup(boolean keep) {
        StringBuilder text = new StringBuilder("flush chain inet tirl guard\nflush chain inet tirl door\n");
        // These look into the set of openings.
        List.of("forwards", "trial_forwards")
                .forEach(name -> text.append("add chain inet tirl %1$s\nflush chain inet tirl %1$s\n".formatted(name)));
        // Those that are gone to by others come last.
        List<String> chains = List.of("glass", "glass4", "glass6", "glass_opens4", "glass_opens6");
        chains.forEach(name -> text.append("add chain inet tirl %1$s\nflush chain inet tirl %1$s\n".formatted(name)));
        chains.forEach(
                name -> text.append("delete chain inet tirl ").append(name).append('\n'));
        for (String family : FAMILIES) {
            for (int step = 1; step < BreakGlass.MAX_STEPS; step++) {
                // Only what is there can be deleted: added first, as it is there already or not.
                text.append(stepSet(step, family))
                        .append("delete set inet tirl ")
                        .append(step(step, family))
                        .append('\n');
            }
            if (!keep) {
                text.append(
                        "delete set inet tirl glass_open%1$s\ndelete set inet tirl glass_used%1$s\n".formatted(family));
            }
        }
        return keep ? text.toString() : text + "delete set inet tirl alive\n";
    }

    private static String stepSet(int step, String family) {
        return set(step(step, family), step == 1 ? FIRST_STEPS : FURTHER_STEPS);
    }

    private static String set(String name, int size) {
        String type = name.endsWith("4") ? "ipv4_addr" : "ipv6_addr";
        return "add set inet tirl " + name + " { type " + type + "; flags timeout,dynamic; size " + size + "; }\n";
    }

    /** The family comes last in the names of sets. */
    private static String step(int step, String family) {
        return "glass_step" + step + "_" + family;
    }

    private static String delete(int step, String family, String source) {
        return "delete @" + step(step, family) + " { " + source + " }";
    }

    private static String rule(String chain, String text) {
        return "add rule inet tirl " + chain + " " + text + "\n";
    }

    private static String elements(Collection<ServicePort> ports) {
        return ports.stream().map(BreakGlassRuleset::element).collect(Collectors.joining(", "));
    }

    private static String element(Object port) {
        return port.toString().replace("/", " . ");
    }
}
