package tirl.ruleset;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tirl.config.Config;
import tirl.config.Config.FwknopNat;
import tirl.config.Config.PortRange;
import tirl.door.Service;
import tirl.door.ServicePort;

/**
 * The nftables table of guard mode. Its text is one nft transaction that both installs and refreshes: the chains and
 * the set of guarded ports are replaced, the sets that hold the leases are left as they are.
 *
 * @param guarded ports that are shut to everyone without a lease
 * @param cut those whose live connections end with the lease
 * @param services those that are forwarded, perhaps among others
 * @param breakGlass the part that works without a daemon
 * @param marks what it does for a foreign firewall, in join mode
 * @param silent UDP ports where packets are heard, and nothing is there: {@link SilentRules}
 * @param nat whether a lease may lead elsewhere: {@link LeaseNat}
 */
public record GuardRuleset(
        SortedSet<ServicePort> guarded,
        SortedSet<ServicePort> cut,
        List<Service> services,
        Optional<BreakGlassRuleset> breakGlass,
        Optional<JoinMarks> marks,
        List<PortRange> silent,
        boolean nat) {
    public static final String TABLE = "tirl";
    public static final String LEASES_IPV4 = "open4";
    public static final String LEASES_IPV6 = "open6";
    /** Sources that pass with a live lease only: {@link CutRules}. */
    public static final String BOUND_IPV4 = "bound4";

    public static final String BOUND_IPV6 = "bound6";

    /** Where an nft on PATH takes the table away again. */
    public static final String UNINSTALL = "add table inet " + TABLE + "\ndelete table inet " + TABLE + "\n";

    public GuardRuleset {
        services = List.copyOf(services);
        silent = List.copyOf(silent);
    }

    /** Nothing is cut, nothing forwarded. */
    public GuardRuleset(SortedSet<ServicePort> guarded) {
        this(guarded, new TreeSet<>(), List.of(), Optional.empty(), Optional.empty(), List.of(), false);
    }

    public static GuardRuleset of(Collection<Service> services) {
        return new GuardRuleset(
                ports(services, _ -> true),
                ports(services, Service::cut),
                List.copyOf(services),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                false);
    }

    private static List<PortRange> silent(Config config) {
        return Stream.concat(
                        config.spa().map(Config.Spa::ports).stream(),
                        config.fwknop().map(Config.Fwknop::silent).orElse(List.of()).stream())
                .distinct()
                .toList();
    }

    private static SortedSet<ServicePort> ports(Collection<Service> services, Predicate<Service> which) {
        return services.stream()
                .filter(which)
                .flatMap(service -> service.ports().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    public static GuardRuleset of(Config config) {
        Optional<BreakGlassRuleset> breakGlass = config.breakGlass()
                .map(glass -> new BreakGlassRuleset(glass, new TreeSet<>(config.publicPorts()), config.guardedRange()));
        GuardRuleset without = of(config.services());
        return new GuardRuleset(
                without.guarded(),
                without.cut(),
                without.services(),
                breakGlass,
                JoinMarks.of(config),
                silent(config),
                config.fwknop().map(Config.Fwknop::nat).orElse(FwknopNat.NONE) != FwknopNat.NONE);
    }

    /** The same, where a lease may lead elsewhere too if {@code more} says so. */
    public GuardRuleset withNat(boolean more) {
        return new GuardRuleset(guarded, cut, services, breakGlass, marks, silent, nat || more);
    }

    /**
     * Input for {@code nft -f -}.
     *
     * <p>The hook is prerouting before DNAT (priority mangle), so that published container ports are guarded too.
     * Loopback is exempt: what arrives there was sent by this host. {@code accept} only ends this chain: a rule of
     * somebody else that drops still drops.
     */
    public String nft() {
        return nft(TrialRules.NONE);
    }

    /** With rules on trial over these. */
    String nft(TrialRules trial) {
        String text = """
                add table inet tirl
                add set inet tirl guarded { type inet_proto . inet_service; flags timeout; }
                add set inet tirl open4 { type ipv4_addr . inet_proto . inet_service; flags timeout; }
                add set inet tirl open6 { type ipv6_addr . inet_proto . inet_service; flags timeout; }
                add chain inet tirl door
                add chain inet tirl guard { type filter hook prerouting priority mangle; policy accept; }
                flush chain inet tirl guard
                flush chain inet tirl door
                flush set inet tirl guarded
                """ + elements("guarded", guarded) + trial.declared()
                + breakGlass.map(BreakGlassRuleset::sets).orElse("") + CutRules.declared() + """
                add rule inet tirl door ip saddr . meta l4proto . th dport @open4 goto leased
                add rule inet tirl door ip6 saddr . meta l4proto . th dport @open6 goto leased
                """
                + CutRules.unleased() + """
                add rule inet tirl door ct state established,related accept
                """
                + breakGlass.map(BreakGlassRuleset::doorRules).orElse("") + """
                add rule inet tirl door counter drop
                add rule inet tirl guard iif "lo" accept
                add rule inet tirl guard fib daddr type { local, broadcast, multicast } meta l4proto . th dport @guarded goto door
                """
                + SilentRules.rules(silent, trial.silent()) + (nat ? LeaseNat.rules() : "") + CutRules.rules(cut, trial)
                + ForwardRules.rules(
                        services,
                        trial,
                        breakGlass.map(rules -> rules.glass().ports()).orElse(List.of()))
                + breakGlass.map(BreakGlassRuleset::rules).orElse("");
        return marks.map(join -> join.into(text, trial.guardedToo(guarded), nat))
                .orElse(text);
    }

    /** The same, for a kernel where break-glass was installed before: what is left of that goes in the same step. */
    public String nftOverBreakGlass() {
        return BreakGlassRuleset.cleanup(breakGlass.isPresent()) + nft();
    }

    /**
     * The same for a file that is loaded at boot, before the daemon: over a table that is there as well as over none. Break-glass
     * in it works until the first heartbeat.
     */
    public String atBoot() {
        String base = """
                add table inet tirl
                add chain inet tirl door
                add chain inet tirl guard { type filter hook prerouting priority mangle; policy accept; }
                """;
        return breakGlass.isPresent() ? base + nftOverBreakGlass() : nft();
    }

    static String elements(String set, Collection<ServicePort> ports) {
        return ports.isEmpty()
                ? ""
                : "add element inet tirl " + set + " { "
                        + ports.stream().map(GuardRuleset::element).collect(Collectors.joining(", ")) + " }\n";
    }

    static String element(ServicePort port) {
        return port.toString().replace("/", " . ");
    }
}
