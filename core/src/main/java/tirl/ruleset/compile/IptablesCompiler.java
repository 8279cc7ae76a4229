package tirl.ruleset.compile;

import static tirl.ruleset.compile.SequenceCompiler.NAME;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.function.Function;
import tirl.config.Config;
import tirl.config.Config.PortRange;
import tirl.config.Notation;
import tirl.door.Door;
import tirl.door.FlagCondition;
import tirl.door.ServicePort;
import tirl.door.Step;
import tirl.packet.Transport;

/**
 * Chains of the table mangle in which sources move through lists of the match {@code recent}. Lines with {@code -4} are
 * for iptables-restore only and lines with {@code -6} for ip6tables-restore, so one file serves both. Each family has
 * lists of its own: a list keeps the address mask of the rule that made it, and IPv4's mask would make all of an IPv6
 * /32 one source.
 */
final class IptablesCompiler {
    /** IP and ICMP header before an echo's payload. */
    private static final int IPV4_BEFORE_PAYLOAD = 28;

    private static final int IPV6_BEFORE_PAYLOAD = 48;

    private final Config config;
    private final List<DoorPlan> doors;
    private final SortedSet<ServicePort> guarded;
    private final List<String> chains = new ArrayList<>();
    private final StringBuilder out = new StringBuilder();

    /** The chain that rules are being added to. */
    private String chain = NAME;

    IptablesCompiler(Config config, List<DoorPlan> doors, SortedSet<ServicePort> guarded) throws CompileException {
        this.config = config;
        this.doors = doors;
        this.guarded = guarded;
        for (DoorPlan plan : doors) {
            check(plan);
        }
    }

    private static void check(DoorPlan plan) throws CompileException {
        Door door = plan.door();
        String which = "door \"" + door.name() + "\" ";
        for (Duration time : List.of(door.within(), door.lease())) {
            if (time.toMillis() % 1000 != 0) {
                throw new CompileException(which + "has the time " + Notation.write(time)
                        + ", and iptables knows whole seconds only; write "
                        + Notation.write(Duration.ofSeconds(time.toSeconds() + 1)) + ", or use --to nft");
            }
        }
        if (plan.lastStage() == 0) {
            return;
        }
        // iptables-restore cannot add a jump only when it is missing. After a second load each packet is seen twice, so
        // to see one twice must be the same as to see it once.
        if (!door.tolerateRepeat()) {
            throw new CompileException(
                    which + "has tolerate-repeat = false, which iptables rules cannot keep when their"
                            + " file is loaded twice; set it to true, or use --to nft");
        }
        for (Reaction reaction : plan.reactions()) {
            for (int i = 1; i < door.sequence().size(); i++) {
                if (Reaction.fits(door.sequence().get(i - 1), reaction.knock())
                        && Reaction.fits(door.sequence().get(i), reaction.knock())) {
                    throw new CompileException(which + "has " + reaction.knock() + " twice in a row, and iptables rules"
                            + " would take one packet for both when their file is loaded twice; put another step"
                            + " between them, or use --to nft");
                }
            }
        }
    }

    String text() {
        StringBuilder body = new StringBuilder();
        for (DoorPlan plan : doors) {
            out.append(Heading.of(plan));
            door(plan);
            for (int i = 0; i < plan.reactions().size(); i++) {
                reaction(plan, plan.reactions().get(i), i + 1);
            }
            ends(plan);
        }
        guard();
        body.append(out);
        out.setLength(0);
        head();
        chains.forEach(name -> out.append(':').append(name).append(" - [0:0]\n"));
        return out + "\n-I PREROUTING -j " + NAME + "\n" + body + "COMMIT\n";
    }

    private void head() {
        out.append("""
                # Made by `tirl compile --to iptables`: doors that the kernel opens alone, without a daemon. This file holds
                # the sequences, which are the secret: keep it from others.
                #
                # Load:    iptables-restore --noflush FILE && ip6tables-restore --noflush FILE
                #     Only chains named tirl_compiled are made or emptied. Loaded again it changes nothing but the jump in
                #     PREROUTING, which is there once more each time: harmless, and taken away, with no moment unguarded, by
                #         iptables -t mangle -D PREROUTING -j tirl_compiled; ip6tables -t mangle -D PREROUTING -j tirl_compiled
                # Look:    iptables -t mangle -S; head /proc/net/xt_recent/tirl_*
                # Remove, as one command:
                #! for t in iptables ip6tables; do
                #!   while $t -t mangle -D PREROUTING -j tirl_compiled 2>/dev/null; do :; done
                #!   for how in -F -X; do for c in $($t -t mangle -S | sed -n 's/^-N \\(tirl_compiled[^ ]*\\)$/\\1/p'); do $t -t mangle $how $c; done; done
                #! done
                #
                # The table is mangle: its PREROUTING comes before destination NAT, so that published container ports are
                # guarded too, and after connection tracking.
                #
                # Each list holds ip_list_tot sources, 100 unless told otherwise, and then forgets the one least lately
                # set: more live leases than that end early, and more forged first knocks than that push out honest ones.
                # To raise it, before the module is loaded (it cannot be changed later):
                #     echo 'options xt_recent ip_list_tot=10000' > /etc/modprobe.d/xt_recent.conf
                # or, in a kernel that has it built in, xt_recent.ip_list_tot=10000 on the kernel's command line. Check it:
                #     cat /sys/module/xt_recent/parameters/ip_list_tot
                # A plain sequence can be overheard and repeated. Nothing is logged.

                *mangle
                """);
    }

    private void begin(String name) {
        chain = name;
        chains.add(name);
    }

    /** Finds out which knock a packet is. */
    private void door(DoorPlan plan) {
        begin(chain(plan, ""));
        for (int i = 0; i < plan.reactions().size(); i++) {
            knock(plan, plan.reactions().get(i).knock(), chain(plan, "_on_" + (i + 1)));
        }
        plan.closes().forEach(close -> knock(plan, close, chain(plan, "_close")));
        String spoilt = chain(plan, "_spoilt");
        for (Spoilers spoilers : plan.spoilers()) {
            String transport = spoilers.transport() == Transport.TCP ? "tcp" : "udp";
            for (int port : spoilers.ports()) {
                spoilers.conditions()
                        .forEach(flags -> rule(match(transport, flags) + " --dport " + port + " -g " + spoilt));
            }
            for (int port : spoilers.except()) {
                rule("-p " + transport + " --dport " + port + " -j RETURN");
            }
            if (spoilers.range().isPresent()) {
                PortRange range = spoilers.range().get();
                String ports = " --dport " + range.first() + ":" + range.last();
                spoilers.conditions().forEach(flags -> rule(match(transport, flags) + ports + " -g " + spoilt));
            }
        }
        plan.spoilingEchoes().forEach(echo -> echo(echo, spoilt));
    }

    private void knock(DoorPlan plan, Step knock, String target) {
        switch (knock) {
            case Step.Tcp tcp -> rule(match("tcp", plan.door().flags()) + " --dport " + tcp.port() + " -g " + target);
            case Step.Udp udp -> rule("-p udp --dport " + udp.port() + " -g " + target);
            case Step.Echo echo -> echo(echo, target);
        }
    }

    private void echo(Step.Echo echo, String target) {
        String type = echo.reply() ? "echo-reply" : "echo-request";
        rule("-4 -p icmp --icmp-type " + type + length(echo, IPV4_BEFORE_PAYLOAD) + " -g " + target);
        rule("-6 -p icmpv6 --icmpv6-type " + type + length(echo, IPV6_BEFORE_PAYLOAD) + " -g " + target);
    }

    private static String length(Step.Echo echo, int before) {
        return echo.payload().isEmpty()
                ? ""
                : " -m length --length " + (echo.payload().getAsInt() + before);
    }

    /** What a knock does to the source's stages. */
    private void reaction(DoorPlan plan, Reaction reaction, int number) {
        out.append("# ").append(reaction.knock()).append('\n');
        begin(chain(plan, "_on_" + number));
        if (plan.lastStage() == 0) {
            both(family -> set(plan, "open", family));
            return;
        }
        if (!reaction.begins() || reaction.advances()) {
            String otherwise = reaction.begins() ? " -g " + chain(plan, "_anew") : " -j RETURN";
            both(family -> "-m recent ! --rcheck --seconds "
                    + plan.door().within().toSeconds() + " --name " + list(plan, "began", family) + otherwise);
        }
        for (Reaction.Move move : reaction.moves()) {
            switch (move) {
                case Reaction.Move.Advance advance -> {
                    String to = advance.from() == plan.lastStage() ? "open" : Integer.toString(advance.from() + 1);
                    both(family -> at(plan, advance.from(), family) + " " + set(plan, to, family));
                }
                case Reaction.Move.Forget forget -> both(family -> remove(plan, "" + forget.stage(), family));
            }
        }
        if (reaction.begins()) {
            both(family -> set(plan, "1", family));
            reaction.older().forEach(stage -> both(family -> at(plan, stage, family) + " -j RETURN"));
            both(family -> set(plan, "began", family));
        }
    }

    private void ends(DoorPlan plan) {
        if (plan.beginsAnew()) {
            begin(chain(plan, "_anew"));
            for (int stage = 2; stage <= plan.lastStage(); stage++) {
                String old = Integer.toString(stage);
                both(family -> remove(plan, old, family));
            }
            both(family -> set(plan, "1", family));
            both(family -> set(plan, "began", family));
        }
        if (plan.lastStage() > 0) {
            begin(chain(plan, "_spoilt"));
            both(family -> remove(plan, "began", family));
        }
        if (!plan.closes().isEmpty()) {
            begin(chain(plan, "_close"));
            both(family -> remove(plan, "open", family));
        }
    }

    private void guard() {
        out.append("\n# ---- The guard. What is open only leaves these chains: other rules may still drop it.\n");
        begin(NAME + "_guard");
        rule("-m conntrack --ctstate ESTABLISHED,RELATED -j RETURN");
        for (DoorPlan plan : doors) {
            for (ServicePort port : plan.ports()) {
                both(family -> port(port) + " -m recent --rcheck --seconds "
                        + plan.door().lease().toSeconds() + " --name " + list(plan, "open", family) + " -j RETURN");
            }
        }
        rule("-j DROP");
        begin(NAME + "_knocks");
        doors.forEach(plan -> rule("-j " + chain(plan, "")));
        begin(NAME);
        rule("-i lo -j RETURN");
        Collection<String> interfaces = config.interfaces().equals(List.of("any"))
                ? List.of("")
                : config.interfaces().stream().map(name -> "-i " + name + " ").toList();
        for (String which : interfaces) {
            rule(which + "-m addrtype --dst-type LOCAL -j " + NAME + "_knocks");
        }
        for (ServicePort port : guarded) {
            rule("-4 " + port(port) + " -m addrtype --dst-type LOCAL,BROADCAST,MULTICAST -g " + NAME + "_guard");
            // For IPv6 the kernel takes a list of types to mean all of them at once.
            for (String type : List.of("LOCAL", "MULTICAST")) {
                rule("-6 " + port(port) + " -m addrtype --dst-type " + type + " -g " + NAME + "_guard");
            }
        }
    }

    private static String port(ServicePort port) {
        return "-p " + port.toString().replace("/", " --dport ");
    }

    private static String match(String transport, FlagCondition flags) {
        return "-p " + transport
                + (flags.equals(FlagCondition.ANY)
                        ? ""
                        : " --tcp-flags " + names(flags.set() | flags.clear()) + " "
                                + (flags.set() == 0 ? "NONE" : names(flags.set())));
    }

    private static String names(int flags) {
        return new FlagCondition(flags, 0).toString().toUpperCase(Locale.ROOT);
    }

    private static String chain(DoorPlan plan, String what) {
        return NAME + "_" + plan.number() + what;
    }

    /** With the door's name, because a list outlives a reload: it must not become another door's. */
    private static String list(DoorPlan plan, String what, String family) {
        return "tirl_" + plan.door().name() + "_" + what + "_" + family;
    }

    private static String at(DoorPlan plan, int stage, String family) {
        return "-m recent --rcheck --name " + list(plan, Integer.toString(stage), family);
    }

    private static String set(DoorPlan plan, String what, String family) {
        return "-m recent --set --name " + list(plan, what, family);
    }

    private static String remove(DoorPlan plan, String what, String family) {
        return "-m recent --remove --name " + list(plan, what, family);
    }

    private void both(Function<String, String> rule) {
        rule("-4 " + rule.apply("4"));
        rule("-6 " + rule.apply("6"));
    }

    private void rule(String text) {
        out.append("-A ").append(chain).append(' ').append(text).append('\n');
    }
}
