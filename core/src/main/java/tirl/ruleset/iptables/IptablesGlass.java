package tirl.ruleset.iptables;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tirl.config.Config.PortRange;
import tirl.door.BreakGlass;
import tirl.door.ServicePort;
import tirl.door.Step;
import tirl.ruleset.BreakGlassRuleset;

/**
 * Break-glass of one IP version as rules of iptables with sets of ipset: {@link BreakGlassRuleset} in other words. The
 * target SET does not end the walk, so what nftables says in one rule takes two here.
 *
 * @param rules what is recognised and what spoils it
 * @param ipv4 or IPv6
 */
public record IptablesGlass(BreakGlassRuleset rules, boolean ipv4) {
    /** ipset knows no longer time: 24 days. */
    public static final int MAX_SECONDS = Integer.MAX_VALUE / 1000;

    static final String GLASS = "TIRL-GLASS";
    static final String OPENS = "TIRL-OPENS";
    static final List<String> CHAINS = List.of(GLASS, OPENS);

    private static final int FIRST_STEPS = 65_536;
    private static final int FURTHER_STEPS = 4096;
    private static final int OPENINGS = 1024;
    private static final String TCP_TOUCH = "-p tcp -m tcp --tcp-flags SYN,ACK SYN";
    private static final String UDP_TOUCH = "-p udp -m conntrack --ctstate NEW";

    /** The daemon's heartbeat: networks that are all addresses. */
    public static String alive(boolean ipv4) {
        return "tirl-alive" + version(ipv4);
    }

    /** Sources that the kernel has opened for. */
    public static String open(boolean ipv4) {
        return "tirl-gopen" + version(ipv4);
    }

    /** Sources that it has opened for, kept for {@link #MAX_SECONDS} to be told of. */
    public static String used(boolean ipv4) {
        return "tirl-gused" + version(ipv4);
    }

    private static String version(boolean ipv4) {
        return ipv4 ? "4" : "6";
    }

    private static String step(int step, boolean ipv4) {
        return "tirl-g" + step + "-" + version(ipv4);
    }

    /** All names that sets of this part may have, whatever the sequence. */
    public static List<String> names(boolean ipv4) {
        Stream<String> steps = IntStream.range(1, BreakGlass.MAX_STEPS).mapToObj(step -> step(step, ipv4));
        return Stream.concat(Stream.of(alive(ipv4), open(ipv4), used(ipv4)), steps)
                .toList();
    }

    /** The names of the sets that this sequence takes. */
    public List<String> sets() {
        List<String> sets = new ArrayList<>(List.of(alive(ipv4), open(ipv4), used(ipv4)));
        for (int i = 1; i < last(); i++) {
            sets.add(step(i, ipv4));
        }
        return sets;
    }

    /** For {@code ipset -exist restore}: heartbeat and openings stay, who has begun a sequence begins anew. */
    public String create() {
        StringBuilder text = new StringBuilder(set(alive(ipv4), "hash:net", 16))
                .append(set(open(ipv4), "hash:ip", OPENINGS))
                .append(set(used(ipv4), "hash:ip", OPENINGS));
        for (int i = 1; i < last(); i++) {
            String name = step(i, ipv4);
            text.append(set(name, "hash:ip", i == 1 ? FIRST_STEPS : FURTHER_STEPS))
                    .append("flush ")
                    .append(name)
                    .append('\n');
        }
        return text.toString();
    }

    private String set(String name, String type, int size) {
        return "create " + name + " " + type + " family " + (ipv4 ? "inet" : "inet6") + " timeout 0 maxelem " + size
                + "\n";
    }

    /** For the chain of those without a lease, before its drop. */
    String doorRules() {
        return rules.glass().ports().stream()
                .map(port -> IptablesRuleset.rule(
                        IptablesRuleset.DOOR,
                        IptablesRuleset.port(port) + " " + IptablesRuleset.match(open(ipv4), "src") + " -j RETURN"))
                .collect(Collectors.joining());
    }

    /** The chains, and the way to them from the end of the first chain: guarded ports never come here. */
    String chainRules() {
        StringBuilder text = new StringBuilder();
        for (ServicePort port : rules.publicPorts()) {
            add(text, IptablesRuleset.port(port) + " -j RETURN");
        }
        steps(text);
        strangers(text);
        opening(text);
        List<Step> sequence = rules.glass().sequence();
        if (sequence.stream().anyMatch(Step.Tcp.class::isInstance)) {
            text.append(wayIn(TCP_TOUCH));
        }
        if (sequence.stream().anyMatch(Step.Udp.class::isInstance)) {
            text.append(wayIn(UDP_TOUCH));
        }
        return text.toString();
    }

    private String wayIn(String touch) {
        return IptablesRuleset.rule(
                IptablesRuleset.GUARD,
                touch + " -m addrtype --dst-type LOCAL -m set ! --match-set " + alive(ipv4) + " src -g " + GLASS);
    }

    private void steps(StringBuilder text) {
        String within = seconds(rules.glass().within().plusMillis(999));
        int last = last();
        add(text, at(last) + stands(last - 1) + " -g " + OPENS);
        for (int i = last - 1; i > 1; i--) {
            add(text, at(i) + stands(i - 1) + isNot(i) + put(step(i, ipv4), within));
            // Just accepted, now or a moment ago: the knock may come again, as SYN retransmits do.
            add(text, at(i) + stands(i) + (i + 1 < last ? isNot(i + 1) : "") + " -j RETURN");
        }
        for (int i = 2; i < last; i++) {
            add(text, at(1) + delete(i));
        }
        add(text, at(1) + put(step(1, ipv4), within));
        add(text, at(1) + " -j RETURN");
    }

    /** What is no step, or not the next one. */
    private void strangers(StringBuilder text) {
        PortRange range = rules.guardedRange();
        if (!range.equals(PortRange.ALL)) {
            for (int i = 2; i <= last(); i++) {
                add(text, at(i) + delete(1));
            }
            for (String transport : List.of("tcp", "udp")) {
                add(
                        text,
                        "-p " + transport + " -m " + transport + " ! --dport " + range.first() + ":" + range.last()
                                + " -j RETURN");
            }
        }
        add(text, delete(1));
    }

    /** What is logged has opened. */
    private void opening(StringBuilder text) {
        text.append(IptablesRuleset.rule(OPENS, delete(1)))
                .append(IptablesRuleset.rule(OPENS, put(used(ipv4), String.valueOf(MAX_SECONDS))))
                .append(IptablesRuleset.rule(
                        OPENS, put(open(ipv4), seconds(rules.glass().lease()))))
                .append(
                        IptablesRuleset.rule(
                                OPENS,
                                IptablesRuleset.match(open(ipv4), "src")
                                        + " -m limit --limit 10/minute --limit-burst 5 -j LOG --log-prefix \"tirl break-glass: \""));
    }

    private int last() {
        return rules.glass().sequence().size();
    }

    private String at(int number) {
        String[] words = rules.glass().sequence().get(number - 1).toString().split("/", 2);
        return "-p " + words[0] + " -m " + words[0] + " --dport " + words[1];
    }

    /** The source has come as far as this step, in time. */
    private String stands(int step) {
        String begun = " " + IptablesRuleset.match(step(1, ipv4), "src");
        return step == 1 ? begun : begun + " " + IptablesRuleset.match(step(step, ipv4), "src");
    }

    private String isNot(int step) {
        return " -m set ! --match-set " + step(step, ipv4) + " src";
    }

    private String delete(int step) {
        return " -j SET --del-set " + step(step, ipv4) + " src";
    }

    private static String put(String set, String seconds) {
        return " -j SET --add-set " + set + " src --exist --timeout " + seconds;
    }

    private static String seconds(Duration time) {
        return String.valueOf(Math.clamp(time.toSeconds(), 1, MAX_SECONDS));
    }

    private static void add(StringBuilder text, String rule) {
        text.append(IptablesRuleset.rule(GLASS, rule));
    }
}
