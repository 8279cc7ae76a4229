package tirl.ruleset.compile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import tirl.config.Config;
import tirl.config.Notation;
import tirl.door.FlagCondition;
import tirl.door.ServicePort;
import tirl.door.Step;
import tirl.packet.Transport;

/**
 * One nftables table in which sources move through sets, each with a timeout and a size. Hook and guard are those of
 * {@link tirl.ruleset.GuardRuleset}.
 */
final class NftCompiler {
    /** An echo's payload begins after an IPv4 header without options and an ICMP header, and both IPv6's count. */
    private static final int IPV4_BEFORE_PAYLOAD = 28;

    private static final int IPV6_BEFORE_PAYLOAD = 8;
    private static final List<Family> FAMILIES = List.of(new Family("4", "ip"), new Family("6", "ip6"));

    private record Family(String suffix, String word) {}

    private final Config config;
    private final List<DoorPlan> doors;
    private final SortedSet<ServicePort> guarded;
    private final StringBuilder out = new StringBuilder();

    NftCompiler(Config config, List<DoorPlan> doors, SortedSet<ServicePort> guarded) {
        this.config = config;
        this.doors = doors;
        this.guarded = guarded;
    }

    String text() {
        head();
        for (DoorPlan plan : doors) {
            out.append(Heading.of(plan).indent(2).replace("  \n", "\n"));
            sets(plan);
            door(plan);
            plan.reactions().forEach(reaction -> reaction(plan, reaction));
            ends(plan);
        }
        guard();
        out.append("}\n");
        return out.toString();
    }

    private void head() {
        out.append("""
                # Made by `tirl compile --to nft`: doors that the kernel opens alone, without a daemon. This file holds the
                # sequences, which are the secret: keep it from others.
                #
                # Load, and load again:  nft -f FILE
                #     The whole table is replaced in one transaction: leases and half-done sequences end, connections go on.
                # Look:                  nft list table inet tirl_compiled
                # Remove:                nft delete table inet tirl_compiled
                #
                # Each set holds at most SIZE sources. Forged first knocks can fill "began"; nobody can begin then
                # until theirs are too old. A plain sequence can be overheard and repeated. Nothing is logged.

                table inet tirl_compiled
                delete table inet tirl_compiled

                table inet tirl_compiled {
                """.replace("SIZE", Integer.toString(config.limits().halfDone())));
    }

    private void sets(DoorPlan plan) {
        if (plan.lastStage() > 0) {
            set(
                    plan,
                    "began",
                    config.limits().halfDone(),
                    Notation.write(plan.door().within()));
        }
        for (int stage = 1; stage <= plan.lastStage(); stage++) {
            set(
                    plan,
                    Integer.toString(stage),
                    config.limits().halfDone(),
                    Notation.write(plan.door().within()));
        }
        set(plan, "open", config.limits().leases(), Notation.write(plan.door().lease()));
    }

    private void set(DoorPlan plan, String what, int size, String timeout) {
        for (Family family : FAMILIES) {
            line(
                    1,
                    "set " + set(plan, what, family) + " { type " + (family.suffix.equals("4") ? "ipv4" : "ipv6")
                            + "_addr; flags dynamic, timeout; timeout " + timeout + "; size " + size
                            + "; comment \"door "
                            + plan.door().name() + "\"; }");
        }
    }

    /** Finds out which knock a packet is. */
    private void door(DoorPlan plan) {
        line(1, "chain " + chain(plan, "") + " {");
        String flags = flags(plan.door().flags());
        verdicts(plan, flags + "tcp", Step.Tcp.class);
        verdicts(plan, "udp", Step.Udp.class);
        for (int i = 0; i < plan.reactions().size(); i++) {
            if (plan.reactions().get(i).knock() instanceof Step.Echo echo) {
                echo(echo, "goto " + chain(plan, "_on_" + (i + 1)));
            }
        }
        String spoilt = "goto " + chain(plan, "_spoilt");
        for (Spoilers spoilers : plan.spoilers()) {
            String transport = spoilers.transport() == Transport.TCP ? "tcp" : "udp";
            for (FlagCondition condition : spoilers.conditions()) {
                String prefix = flags(condition) + transport + " dport ";
                if (!spoilers.ports().isEmpty()) {
                    line(2, prefix + anyOf(spoilers.ports()) + spoilt);
                }
                spoilers.range()
                        .ifPresent(range -> line(
                                2,
                                prefix + range.first() + "-" + range.last() + " "
                                        + (spoilers.except().isEmpty()
                                                ? ""
                                                : transport + " dport != " + anyOf(spoilers.except()))
                                        + spoilt));
            }
        }
        plan.spoilingEchoes().forEach(echo -> echo(echo, spoilt));
        line(1, "}");
    }

    private void verdicts(DoorPlan plan, String prefix, Class<? extends Step> kind) {
        TreeMap<Integer, String> targets = new TreeMap<>();
        for (int i = 0; i < plan.reactions().size(); i++) {
            Step knock = plan.reactions().get(i).knock();
            if (kind.isInstance(knock)) {
                targets.put(port(knock), chain(plan, "_on_" + (i + 1)));
            }
        }
        plan.closes().stream()
                .filter(kind::isInstance)
                .forEach(close -> targets.put(port(close), chain(plan, "_close")));
        if (!targets.isEmpty()) {
            line(
                    2,
                    prefix + " dport vmap { "
                            + targets.entrySet().stream()
                                    .map(entry -> entry.getKey() + " : goto " + entry.getValue())
                                    .collect(Collectors.joining(", "))
                            + " }");
        }
    }

    private static int port(Step step) {
        return switch (step) {
            case Step.Tcp tcp -> tcp.port();
            case Step.Udp udp -> udp.port();
            case Step.Echo _ -> throw new IllegalArgumentException("an echo has no port");
        };
    }

    private void echo(Step.Echo echo, String verdict) {
        String type = echo.reply() ? "echo-reply " : "echo-request ";
        line(2, "icmp type " + type + length("ip", echo, payload -> payload + IPV4_BEFORE_PAYLOAD) + verdict);
        line(2, "icmpv6 type " + type + length("ip6", echo, payload -> payload + IPV6_BEFORE_PAYLOAD) + verdict);
    }

    private static String length(String family, Step.Echo echo, IntUnaryOperator whole) {
        return echo.payload().isEmpty()
                ? ""
                : family + " length " + whole.applyAsInt(echo.payload().getAsInt()) + " ";
    }

    /** What a knock does to the source's stages. */
    private void reaction(DoorPlan plan, Reaction reaction) {
        line(1, "# " + reaction.knock());
        line(1, "chain " + chain(plan, "_on_" + (plan.reactions().indexOf(reaction) + 1)) + " {");
        if (plan.lastStage() == 0) {
            both(family -> update(plan, "open", family));
            line(1, "}");
            return;
        }
        if (!reaction.begins() || reaction.advances()) {
            String otherwise = reaction.begins() ? " goto " + chain(plan, "_anew") : " return";
            both(family -> family.word + " saddr != @" + set(plan, "began", family) + otherwise);
        }
        for (Reaction.Move move : reaction.moves()) {
            switch (move) {
                case Reaction.Move.Advance advance -> {
                    String to = advance.from() == plan.lastStage() ? "open" : Integer.toString(advance.from() + 1);
                    both(family -> at(plan, advance.from(), family) + " " + update(plan, to, family));
                }
                case Reaction.Move.Forget forget -> both(family -> delete(plan, "" + forget.stage(), family));
            }
        }
        if (reaction.begins()) {
            both(family -> update(plan, "1", family));
            reaction.older().forEach(stage -> both(family -> at(plan, stage, family) + " return"));
            both(family -> update(plan, "began", family));
        }
        line(1, "}");
    }

    private void ends(DoorPlan plan) {
        if (plan.beginsAnew()) {
            line(1, "chain " + chain(plan, "_anew") + " {");
            for (int stage = 2; stage <= plan.lastStage(); stage++) {
                String old = Integer.toString(stage);
                both(family -> delete(plan, old, family));
            }
            both(family -> update(plan, "1", family));
            both(family -> update(plan, "began", family));
            line(1, "}");
        }
        if (plan.lastStage() > 0) {
            line(1, "chain " + chain(plan, "_spoilt") + " {");
            both(family -> delete(plan, "began", family));
            line(1, "}");
        }
        if (!plan.closes().isEmpty()) {
            line(1, "chain " + chain(plan, "_close") + " {");
            both(family -> delete(plan, "open", family));
            line(1, "}");
        }
    }

    private void guard() {
        out.append("\n  # ---- The guard. What is open is accepted here only: other rules may still drop it.\n");
        line(1, "chain guard {");
        line(2, "ct state established,related accept");
        for (DoorPlan plan : doors) {
            both(family ->
                    family.word + " saddr @" + set(plan, "open", family) + " " + ports(plan.ports()) + " accept");
        }
        line(2, "counter drop");
        line(1, "}");
        line(1, "chain knocks {");
        doors.forEach(plan -> line(2, "jump " + chain(plan, "")));
        line(1, "}");
        line(1, "# Before destination NAT, so that published container ports are guarded too.");
        line(1, "chain prerouting {");
        line(2, "type filter hook prerouting priority mangle; policy accept;");
        line(2, "iif \"lo\" accept");
        line(2, interfaces() + "fib daddr type local jump knocks");
        line(2, "fib daddr type { local, broadcast, multicast } " + ports(guarded) + " goto guard");
        line(1, "}");
    }

    private String interfaces() {
        return config.interfaces().equals(List.of("any"))
                ? ""
                : config.interfaces().stream()
                        .map(name -> '"' + name + '"')
                        .collect(Collectors.joining(", ", "iifname { ", " } "));
    }

    private static String ports(Collection<ServicePort> ports) {
        return ports.stream()
                .map(port -> port.toString().replace("/", " . "))
                .collect(Collectors.joining(", ", "meta l4proto . th dport { ", " }"));
    }

    private static String anyOf(List<Integer> ports) {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(", ", "{ ", " } "));
    }

    private static String flags(FlagCondition condition) {
        if (condition.equals(FlagCondition.ANY)) {
            return "";
        }
        FlagCondition mask = new FlagCondition(condition.set() | condition.clear(), 0);
        return "tcp flags & (" + mask.toString().replace(",", " | ") + ") == "
                + (condition.set() == 0
                        ? "0x0"
                        : "(" + new FlagCondition(condition.set(), 0).toString().replace(",", " | ") + ")")
                + " ";
    }

    private static String chain(DoorPlan plan, String what) {
        return "d" + plan.number() + what;
    }

    private static String set(DoorPlan plan, String what, Family family) {
        return "d" + plan.number() + "_" + what + "_" + family.suffix;
    }

    private static String at(DoorPlan plan, int stage, Family family) {
        return family.word + " saddr @" + set(plan, Integer.toString(stage), family);
    }

    private static String update(DoorPlan plan, String what, Family family) {
        return "update @" + set(plan, what, family) + " { " + family.word + " saddr }";
    }

    private static String delete(DoorPlan plan, String what, Family family) {
        return "delete @" + set(plan, what, family) + " { " + family.word + " saddr }";
    }

    private void both(Function<Family, String> rule) {
        List<String> rules = new ArrayList<>();
        FAMILIES.forEach(family -> rules.add(rule.apply(family)));
        rules.forEach(text -> line(2, text));
    }

    private void line(int depth, String text) {
        out.append("  ".repeat(depth)).append(text).append('\n');
    }
}
