package tirl.linux.iptables;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import tirl.grant.BreakGlassSets;
import tirl.grant.Firewall;
import tirl.grant.FirewallException;
import tirl.grant.Opening;
import tirl.grant.TimedOpening;
import tirl.linux.firewall.Cutter;
import tirl.linux.firewall.LocalAddresses;
import tirl.ruleset.GuardRuleset;
import tirl.ruleset.iptables.IptablesRuleset;
import tirl.ruleset.iptables.IptablesRuleset.LeaseBy;
import tirl.ruleset.iptables.LeaseRule;

/** iptables and ip6tables in the network namespace of this process. */
public final class IptablesFirewall implements Firewall, AutoCloseable {
    private final List<Iptables> families = new ArrayList<>();
    private final InstantSource clock;
    private final Consumer<String> tell;
    private final Cutter cutter;
    private final Optional<LeaseSets> sets;
    private final LeaseBy leaseBy;
    private final IptablesBreakGlass breakGlass;
    private final ChainCount count = new ChainCount();
    /** Leases that are rules; none while there are sets. */
    private final Map<Opening, LeaseRule> rules = new LinkedHashMap<>();

    private Optional<GuardRuleset> current = Optional.empty();

    /**
     * Finds out what this host has.
     *
     * @param local tells the addresses of this host
     * @param cutDone is run on a thread of the firewall's own when the result of a {@link #cut} is there
     * @param clock by which rules of leases are dated
     * @param tell hears what an administrator should know
     */
    public IptablesFirewall(LocalAddresses local, Runnable cutDone, InstantSource clock, Consumer<String> tell)
            throws FirewallException {
        this.clock = clock;
        this.tell = tell;
        families.add(Iptables.find(true)
                .orElseThrow(() -> new FirewallException(
                        "iptables not found: install iptables, or nftables and write" + " firewall = \"guard\"")));
        Iptables.find(false).ifPresentOrElse(families::add, () -> {});
        if (families.size() == 1 && isIpv6InUse()) {
            throw new FirewallException("this host has IPv6 addresses and no ip6tables, so guarded ports would be open"
                    + " over IPv6: install ip6tables, or switch IPv6 off"
                    + " (sysctl -w net.ipv6.conf.all.disable_ipv6=1)");
        }
        sets = usableSets();
        breakGlass = new IptablesBreakGlass(
                sets, families.stream().map(Iptables::ipv4).toList());
        leaseBy = sets.isPresent()
                ? LeaseBy.SET
                : families.stream().allMatch(each -> each.knows("-m time --datestop 2030-01-01T00:00:00"))
                        ? LeaseBy.DATED_RULE
                        : LeaseBy.RULE;
        tell.accept("firewall: " + families.getFirst().version()
                + (families.size() == 1 ? " without ip6tables (this host has no IPv6 address)" : " and ip6tables")
                + "; "
                + switch (leaseBy) {
                    case SET -> "leases are in ipset, where the kernel ends them";
                    case DATED_RULE ->
                        "no ipset, so leases are rules, which the daemon ends; should it be dead, the"
                                + " kernel by its clock";
                    case RULE ->
                        "no ipset and no match \"time\" in the kernel, so leases are rules, which ONLY the"
                                + " daemon ends: install ipset";
                });
        cutter = new Cutter(local, cutDone);
    }

    /** Loopback does not count: it is never guarded. */
    static boolean isIpv6InUse() {
        try {
            return Files.readAllLines(Path.of("/proc/net/if_inet6")).stream().anyMatch(line -> !line.endsWith(" lo"));
        } catch (IOException kernelWithoutIpv6) {
            return false;
        }
    }

    private Optional<LeaseSets> usableSets() throws FirewallException {
        List<Boolean> versions = families.stream().map(Iptables::ipv4).toList();
        Optional<LeaseSets> made;
        try {
            made = LeaseSets.make(versions);
        } catch (FirewallException unusable) {
            tell.accept("ipset cannot be used: " + unusable.reason());
            return Optional.empty();
        }
        boolean usable = families.stream()
                .allMatch(each -> each.knows("-m set --match-set " + IptablesRuleset.leases(each.ipv4()) + " src,dst"));
        if (made.isPresent() && !usable) {
            tell.accept("ipset cannot be used: iptables or the kernel lacks the match \"set\"");
            made.get().close();
            LeaseSets.destroy();
            return Optional.empty();
        }
        return made;
    }

    @Override
    public void install(GuardRuleset ruleset) throws FirewallException {
        if (sets.isPresent()) {
            sets.get().create();
        }
        breakGlass.prepare(ruleset);
        List<Iptables> done = new ArrayList<>();
        for (Iptables family : families) {
            try {
                List<String> listed = family.rules();
                if (current.isEmpty()) {
                    adopt(listed);
                }
                install(family, ruleset, listed);
                done.add(family);
            } catch (FirewallException refused) {
                goBack(done);
                throw refused;
            }
        }
        current = Optional.of(ruleset);
        breakGlass.installed(ruleset);
    }

    /** The kernel's own part of break-glass, which needs ipset. */
    public BreakGlassSets breakGlass() {
        return breakGlass;
    }

    private void install(Iptables family, GuardRuleset ruleset, List<String> listed) throws FirewallException {
        String text = new IptablesRuleset(ruleset, family.ipv4(), leaseBy).restore(listed, rulesOf(family));
        count.change(() -> {
            family.restore("installing the rules", text);
            count.expect(family, text);
        });
    }

    /** IPv4 has the new rules and IPv6 has not: both go on with the old ones. */
    private void goBack(List<Iptables> done) throws FirewallException {
        for (Iptables family : done) {
            if (current.isPresent()) {
                install(family, current.get(), family.rules());
            }
        }
    }

    /** Leases that a daemon before this one left as rules; those that it should have taken away go. */
    private void adopt(List<String> listed) throws FirewallException {
        long nowMillis = clock.millis();
        List<LeaseRule> found =
                listed.stream().map(LeaseRule::parse).flatMap(Optional::stream).toList();
        List<LeaseRule> live =
                found.stream().filter(rule -> rule.left(nowMillis).isPositive()).toList();
        if (sets.isPresent()) {
            sets.get()
                    .open(live.stream()
                            .map(rule -> new TimedOpening(rule.opening(), rule.left(nowMillis), rule.label()))
                            .toList());
        } else {
            live.forEach(rule -> rules.put(rule.opening(), rule));
        }
        if (live.size() < found.size()) {
            tell.accept("removing " + (found.size() - live.size()) + " rules of leases that ended without a daemon");
        }
    }

    @Override
    public void open(Collection<TimedOpening> openings) throws FirewallException {
        if (openings.stream().anyMatch(timed -> timed.nat().isPresent())) {
            throw new FirewallException("opening: a lease that leads elsewhere needs nftables");
        }
        for (TimedOpening timed : openings) {
            if (families.stream()
                    .noneMatch(
                            family -> family.ipv4() == timed.opening().source().isIpv4())) {
                throw new FirewallException(
                        "opening: there is no ip6tables for " + timed.opening().source());
            }
        }
        cutter.spare(openings.stream().map(TimedOpening::opening).toList());
        if (sets.isPresent()) {
            sets.get().open(openings);
            return;
        }
        Map<Opening, LeaseRule> before = Map.copyOf(rules);
        long nowMillis = clock.millis();
        openings.forEach(timed -> rules.put(timed.opening(), LeaseRule.of(timed, nowMillis)));
        writeRules("opening", openings.stream().map(TimedOpening::opening).toList(), before);
    }

    @Override
    public void close(Collection<Opening> openings) throws FirewallException {
        if (sets.isPresent()) {
            sets.get().close(openings);
            return;
        }
        Map<Opening, LeaseRule> before = Map.copyOf(rules);
        if (rules.keySet().removeAll(Set.copyOf(openings))) {
            writeRules("closing", openings, before);
        }
    }

    /** All rules of leases anew, in one step for each IP version that is concerned. */
    private void writeRules(String operation, Collection<Opening> changed, Map<Opening, LeaseRule> before)
            throws FirewallException {
        try {
            for (Iptables family : families) {
                if (changed.stream().anyMatch(opening -> opening.source().isIpv4() == family.ipv4())) {
                    writeRules(operation, family);
                }
            }
        } catch (FirewallException refused) {
            rules.clear();
            rules.putAll(before);
            throw refused;
        }
    }

    private void writeRules(String operation, Iptables family) throws FirewallException {
        GuardRuleset ruleset = current.orElseThrow(() -> new FirewallException(operation + ": nothing is installed"));
        String text = new IptablesRuleset(ruleset, family.ipv4(), leaseBy).restoreLeases(rulesOf(family));
        count.change(() -> {
            family.restore(operation, text);
            count.expectLeases(family, text);
        });
    }

    private List<LeaseRule> rulesOf(Iptables family) {
        return rules.values().stream()
                .filter(rule -> rule.opening().source().isIpv4() == family.ipv4())
                .toList();
    }

    /** In a set they are gone already, but for those that do not end with a whole second. */
    @Override
    public void expired(Collection<Opening> openings) {
        try {
            if (sets.isPresent()) {
                sets.get().close(openings);
            } else if (rules.keySet().removeAll(Set.copyOf(openings))) {
                for (Iptables family : families) {
                    writeRules("ending a lease", family);
                }
            }
        } catch (FirewallException busy) {
            tell.accept(busy.reason() + "; trying again");
            count.doubt();
        }
    }

    @Override
    public CompletableFuture<Map<Opening, Integer>> cut(Collection<Opening> openings) throws FirewallException {
        if (sets.isPresent()) {
            sets.get().bind(openings);
        } else if (openings.stream()
                .anyMatch(
                        opening -> !current.map(GuardRuleset::cut).orElseThrow().contains(opening.port()))) {
            throw new FirewallException("without ipset only connections to services with cut = true can be ended");
        }
        return cutter.cut(Set.copyOf(openings));
    }

    @Override
    public List<TimedOpening> openings() throws FirewallException {
        if (sets.isPresent()) {
            return sets.get().openings();
        }
        long nowMillis = clock.millis();
        return rules.values().stream()
                .map(rule -> new TimedOpening(rule.opening(), rule.left(nowMillis), rule.label()))
                .filter(timed -> timed.left().isPositive())
                .toList();
    }

    /** Whether everything that was installed is there still. Any thread. */
    public boolean isIntact() throws FirewallException {
        return count.isRight(families);
    }

    /** Whether there are IPv6 addresses that nothing guards. Any thread. */
    boolean isExposed() {
        return families.size() == 1 && isIpv6InUse();
    }

    @Override
    public void uninstall() throws FirewallException {
        count.change(IptablesRemoval::run);
    }

    /** Ends the connection to the kernel; the rules and the openings stay. */
    @Override
    public void close() {
        cutter.close();
        sets.ifPresent(LeaseSets::close);
    }
}
