package tirl.ruleset.iptables;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tirl.config.Config.PortRange;
import tirl.door.ServicePort;
import tirl.packet.Transport;
import tirl.ruleset.GuardRuleset;

/**
 * The chains of one IP version, as input for {@code iptables-restore --noflush}: one transaction that both installs and
 * refreshes. A packet goes from chain to chain by goto, so whatever lets it pass lets it go on in PREROUTING: rules of
 * others behind our jump see it, and still may drop it.
 *
 * @param ipv4 or IPv6
 * @param leaseBy where the leases are
 */
public record IptablesRuleset(GuardRuleset guard, boolean ipv4, LeaseBy leaseBy) {
    /** All our chains begin so, and no chain of others does. */
    public static final String PREFIX = "TIRL-";

    public static final String GUARD = "TIRL-GUARD";
    public static final String LEASES = "TIRL-LEASES";
    public static final String TABLE = "mangle";
    static final String LEASED = "TIRL-LEASED";
    static final String DOOR = "TIRL-DOOR";
    private static final String ANSWER = "TIRL-ANSWER";
    private static final String CUT = "TIRL-CUT";
    private static final List<String> CHAINS = List.of(GUARD, LEASES, LEASED, DOOR, ANSWER, CUT);
    /** Before destination NAT, so that published container ports are guarded too; and after all of this host's routing. */
    public static final List<String> JUMPS = List.of("PREROUTING -j " + GUARD, "POSTROUTING -j " + ANSWER);

    /** As in nftables: longer than any keep-alive of a server. */
    private static final int BOUND_SECONDS = 7 * 24 * 3600;

    /** A TCP segment that belongs to no known connection and does not begin one. */
    private static final String CONTINUES = " -m conntrack --ctstate NEW -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN";

    /** Where the leases are, and who ends them. */
    public enum LeaseBy {
        /** Elements of a set: the kernel ends them. */
        SET,
        /** Rules with a date: the kernel ends them, as soon as its clock says so. */
        DATED_RULE,
        /** Rules: only the daemon ends them. */
        RULE
    }

    /** The set of leases of this IP version. */
    public static String leases(boolean ipv4) {
        return ipv4 ? "tirl4" : "tirl6";
    }

    /** The set of those who pass with a live lease only, because theirs was cut: as {@link GuardRuleset#BOUND_IPV4}. */
    public static String bound(boolean ipv4) {
        return ipv4 ? "tirl-bound4" : "tirl-bound6";
    }

    /**
     * Everything in one step.
     *
     * @param listed what {@code iptables -t mangle -S} says now
     * @param leases those of this IP version that are rules
     */
    public String restore(List<String> listed, Collection<LeaseRule> leases) {
        StringBuilder text = new StringBuilder("*mangle\n");
        Optional<IptablesGlass> glass = guard.breakGlass().map(rules -> new IptablesGlass(rules, ipv4));
        CHAINS.forEach(chain -> text.append(':').append(chain).append(" - [0:0]\n"));
        List<String> over = IptablesGlass.CHAINS.stream()
                .filter(chain -> glass.isEmpty() && listed.contains("-N " + chain))
                .toList();
        (glass.isPresent() ? IptablesGlass.CHAINS : over)
                .forEach(chain -> text.append(':').append(chain).append(" - [0:0]\n"));
        for (String jump : JUMPS) {
            if (!listed.contains("-A " + jump)) {
                text.append("-I ").append(jump).append('\n');
            }
        }
        text.append(guardRules())
                .append(leaseRules(leases))
                .append(doorRules(glass.map(IptablesGlass::doorRules).orElse("")))
                .append(leaseBy == LeaseBy.SET ? boundRules() : cutRules())
                .append(glass.map(IptablesGlass::chainRules).orElse(""));
        over.forEach(chain -> text.append("-X ").append(chain).append('\n'));
        return text.append("COMMIT\n").toString();
    }

    /** Only the leases that are rules, in one step. */
    public String restoreLeases(Collection<LeaseRule> leases) {
        return "*mangle\n:" + LEASES + " - [0:0]\n" + leaseRules(leases) + "COMMIT\n";
    }

    /** How many rules of a listing are ours: less than were put there means that somebody took them away. */
    public static long count(List<String> rules) {
        return rules.stream()
                .filter(line -> line.startsWith("-A " + PREFIX) || isJump(line))
                .count();
    }

    private static boolean isJump(String line) {
        return JUMPS.stream().anyMatch(jump -> line.equals("-A " + jump));
    }

    /** Whether a listing has anything of ours. */
    public static boolean isThere(List<String> listed) {
        return listed.stream().anyMatch(line -> line.startsWith("-N " + PREFIX) || isJump(line));
    }

    /** Takes away what a listing has of ours, in one step. */
    public static String uninstall(List<String> listed) {
        List<String> chains = listed.stream()
                .filter(line -> line.startsWith("-N " + PREFIX))
                .map(line -> line.substring("-N ".length()))
                .toList();
        StringBuilder text = new StringBuilder("*mangle\n");
        chains.forEach(chain -> text.append(':').append(chain).append(" - [0:0]\n"));
        listed.stream()
                .filter(IptablesRuleset::isJump)
                .forEach(line -> text.append("-D ")
                        .append(line.substring("-A ".length()))
                        .append('\n'));
        chains.forEach(chain -> text.append("-X ").append(chain).append('\n'));
        return text.append("COMMIT\n").toString();
    }

    /** Loopback is exempt: what arrives there was sent by this host. */
    private String guardRules() {
        // For IPv6 the kernel takes a list of types to mean all of them at once.
        List<String> types = ipv4 ? List.of("LOCAL,BROADCAST,MULTICAST") : List.of("LOCAL", "MULTICAST");
        return rule(GUARD, "-i lo -j RETURN")
                + guard.guarded().stream()
                        .flatMap(port -> types.stream()
                                .map(type ->
                                        rule(GUARD, port(port) + " -m addrtype --dst-type " + type + " -g " + LEASES)))
                        .collect(Collectors.joining())
                + guard.silent().stream().map(ports -> silent(ports, types)).collect(Collectors.joining());
    }

    /** Where SPA packets are heard this host would answer "port unreachable". What it began from there goes on. */
    private static String silent(PortRange ports, List<String> types) {
        return types.stream()
                .map(type -> rule(
                        GUARD,
                        "-p udp -m udp --dport " + ports.first() + ":" + ports.last() + " -m addrtype --dst-type "
                                + type + " -m conntrack --ctstate NEW -j DROP"))
                .collect(Collectors.joining());
    }

    private String leaseRules(Collection<LeaseRule> rules) {
        String text = rules.stream()
                .map(rule -> rule.text(leaseBy == LeaseBy.DATED_RULE))
                .collect(Collectors.joining());
        if (leaseBy == LeaseBy.SET) {
            text += rule(LEASES, match(leases(ipv4), "src,dst") + " -g " + LEASED);
        }
        return text + rule(LEASES, "-g " + DOOR);
    }

    private String doorRules(String glass) {
        String cut = leaseBy == LeaseBy.SET
                ? rule(DOOR, match(bound(ipv4), "src,dst") + " -j DROP")
                : guard.cut().stream()
                        .map(port -> rule(DOOR, port(port) + " -m conntrack --ctdir REPLY -j DROP"))
                        .collect(Collectors.joining());
        return cut + rule(DOOR, "-m conntrack --ctstate ESTABLISHED,RELATED -j RETURN") + glass + rule(DOOR, "-j DROP");
    }

    /** The same thoughts as in nftables' rules for this, but for the reset, which only the table filter can send. */
    private String boundRules() {
        String bound = match(bound(ipv4), "src,dst");
        StringBuilder text = new StringBuilder(rule(LEASED, "-p tcp " + bound + CONTINUES + " -j DROP"));
        for (ServicePort port : guard.cut()) {
            text.append(rule(
                    LEASED,
                    port(port) + " -j SET --add-set " + bound(ipv4) + " src,dst --exist --timeout " + BOUND_SECONDS));
            text.append(rule(LEASED, port(port) + " -j RETURN"));
        }
        text.append(rule(LEASED, bound + " -j SET --del-set " + bound(ipv4) + " src,dst"));
        text.append(rule(ANSWER, "-o lo -j RETURN"));
        for (ServicePort port : guard.guarded()) {
            text.append(rule(ANSWER, from(port) + " " + match(bound(ipv4), "dst,src") + " -g " + CUT));
        }
        text.append(rule(CUT, "-p tcp" + CONTINUES + " -j DROP"));
        return text.append(rule(CUT, "-m set ! --match-set " + leases(ipv4) + " dst,src -j DROP"))
                .toString();
    }

    /**
     * Without a memory of who was cut. Once the daemon has deleted the entry of a connection, a packet of the server would
     * make one as if the server had begun it, in which the client answers: on a port with {@code cut} nothing of that kind
     * passes, either way, and nobody goes on in the middle.
     */
    private String cutRules() {
        StringBuilder text = new StringBuilder(rule(ANSWER, "-o lo -j RETURN"));
        for (ServicePort port : guard.cut()) {
            if (port.transport() == Transport.TCP) {
                text.append(rule(LEASED, port(port) + CONTINUES + " -j DROP"));
            }
            text.append(rule(ANSWER, from(port) + " -m conntrack --ctdir ORIGINAL -j DROP"));
        }
        return text.toString();
    }

    private static String from(ServicePort port) {
        return port(port).replace("--dport", "--sport");
    }

    static String match(String set, String direction) {
        return "-m set --match-set " + set + " " + direction;
    }

    static String port(ServicePort port) {
        String transport = port.toString().substring(0, port.toString().indexOf('/'));
        return " -p " + transport + " -m " + transport + " --dport " + port.port();
    }

    static String rule(String chain, String text) {
        return "-A " + chain + " " + text.strip() + "\n";
    }
}
