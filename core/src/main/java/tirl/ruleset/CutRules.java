package tirl.ruleset;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tirl.door.ServicePort;

/**
 * The part of the table that ends live connections with the lease. A source that has used its lease to a port with
 * {@code cut} is <em>bound</em> to it: for as long as it is in the set, nothing passes between its address and that port
 * without a live lease, in either direction, whatever conntrack thinks of the connection. The packets themselves put it
 * there, so it holds when no daemon runs.
 *
 * <p>Incoming packets alone are not enough. Once the entry of a connection is gone, the next packet that the server
 * sends makes a new one, as if the server had begun it (nf_conntrack_tcp_loose), and the client's packets would be
 * "established" again as its replies. So the server's packets are stopped too.
 */
final class CutRules {
    /** Longer than any keep-alive of a server whose dead connection could come back to life after that. */
    static final String BOUND_FOR = "7d";

    static final String BEGINS_NOTHING = "ct state new tcp flags & (fin | syn | rst | ack) != syn ";

    private CutRules() {}

    /** Sets and chains, and their emptying but for the memory of who is bound. */
    static String declared() {
        return """
                add set inet tirl cut { type inet_proto . inet_service; flags timeout; }
                add set inet tirl bound4 { type ipv4_addr . inet_proto . inet_service; flags timeout, dynamic; size 262144; }
                add set inet tirl bound6 { type ipv6_addr . inet_proto . inet_service; flags timeout, dynamic; size 262144; }
                add chain inet tirl leased
                add chain inet tirl answer { type filter hook output priority mangle; policy accept; }
                add chain inet tirl leave { type filter hook postrouting priority 110; policy accept; }
                flush chain inet tirl leased
                flush chain inet tirl answer
                flush chain inet tirl leave
                flush set inet tirl cut
                """;
    }

    /** What comes in on a guarded port without a lease, before anything that is established is let through. */
    static String unleased() {
        return """
                add rule inet tirl door ip saddr . meta l4proto . th dport @bound4 counter drop
                add rule inet tirl door ip6 saddr . meta l4proto . th dport @bound6 counter drop
                """;
    }

    static String rules(Collection<ServicePort> cut, TrialRules trial) {
        return GuardRuleset.elements("cut", trial.stillCut(cut)) + trial.cutElements() + leased(trial) + outgoing();
    }

    /** A lease that follows a cut one does not bring the old connections back; one without cut binds nobody. */
    private static String leased(TrialRules trial) {
        Stream<String> rules = Stream.of("4 ip", "6 ip6").flatMap(family -> {
            String bound = "@bound" + family.charAt(0);
            String key = family.substring(2) + " saddr . meta l4proto . th dport";
            String binds = " update " + bound + " { " + key + " timeout " + BOUND_FOR + " } accept";
            return Stream.of(
                            Stream.of(BEGINS_NOTHING + key + " " + bound + " counter drop"),
                            Stream.concat(Stream.of("meta l4proto . th dport @cut"), trial.cutWithout().stream())
                                    .map(condition -> condition + binds),
                            Stream.of("delete " + bound + " { " + key + " }"))
                    .flatMap(each -> each);
        });
        return Stream.concat(rules, Stream.of("accept")).collect(inChain("leased"));
    }

    /**
     * A program of this host gets a reset for what it sends, and so learns at once that the connection is over. What
     * comes from behind (containers, forwarded services) bears the port of the service only after source NAT, at
     * priority 100.
     */
    private static String outgoing() {
        return Stream.of("4 ip", "6 ip6")
                .map(family -> {
                    String bound = "@bound" + family.charAt(0);
                    String open = "@open" + family.charAt(0);
                    String key = family.substring(2) + " daddr . meta l4proto . th sport ";
                    String head = "oif != \"lo\" meta l4proto . th sport @guarded " + key + bound + " ";
                    return List.of(head + BEGINS_NOTHING, head + key + "!= " + open + " ");
                })
                .flatMap(List::stream)
                .map(rule -> "add rule inet tirl answer meta l4proto tcp " + rule + "counter reject with tcp reset\n"
                        + "add rule inet tirl leave " + rule + "counter drop\n")
                .collect(Collectors.joining());
    }

    private static Collector<CharSequence, ?, String> inChain(String chain) {
        String each = "add rule inet tirl " + chain + " ";
        return Collectors.joining("\n" + each, each, "\n");
    }
}
