package tirl.linux.iptables;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tirl.door.BreakGlass;
import tirl.grant.BreakGlassSets;
import tirl.grant.FirewallException;
import tirl.packet.Address;
import tirl.ruleset.GuardRuleset;
import tirl.ruleset.iptables.IptablesGlass;

/** The heartbeat and the sets of addresses that break-glass keeps in ipset. */
final class IptablesBreakGlass implements BreakGlassSets {
    /** hash:net knows no /0: two halves. */
    private static final List<Address> HALVES =
            List.of(Address.ofIpv4(0), Address.ofIpv4(1 << 31), new Address(0, 0), new Address(Long.MIN_VALUE, 0));

    private final Optional<LeaseSets> sets;
    private final List<Boolean> families;
    private Optional<BreakGlass> current = Optional.empty();

    /** @param sets empty when this host has no ipset: then nothing is ever installed */
    IptablesBreakGlass(Optional<LeaseSets> sets, List<Boolean> families) {
        this.sets = sets;
        this.families = families;
    }

    /** Before its rules. The heartbeat begins here, so that no packet meets rules without one. */
    void prepare(GuardRuleset ruleset) throws FirewallException {
        if (ruleset.breakGlass().isEmpty()) {
            return;
        }
        LeaseSets usable = sets.orElseThrow(() ->
                new FirewallException("break-glass with firewall = \"iptables\" needs ipset: apt-get install ipset"));
        for (boolean ipv4 : families) {
            usable.create(new IptablesGlass(ruleset.breakGlass().get(), ipv4));
        }
        beat(ruleset.breakGlass().get().glass().after());
    }

    /** After the rules: what they do not use any more goes. */
    void installed(GuardRuleset ruleset) throws FirewallException {
        current = ruleset.breakGlass().map(rules -> rules.glass());
        if (sets.isEmpty()) {
            return;
        }
        for (boolean ipv4 : families) {
            sets.get()
                    .destroyGlass(
                            ipv4,
                            ruleset.breakGlass()
                                    .map(rules -> new IptablesGlass(rules, ipv4).sets())
                                    .orElse(List.of()));
        }
    }

    @Override
    public void beat(Duration time) throws FirewallException {
        if (sets.isPresent()) {
            // Up, never down: a beat may not end before the next.
            long seconds = Math.clamp(time.plusMillis(999).toSeconds(), 1, IptablesGlass.MAX_SECONDS);
            sets.get()
                    .renew(
                            HALVES.stream()
                                    .filter(half -> families.contains(half.isIpv4()))
                                    .toList(),
                            seconds);
        }
    }

    @Override
    public List<Entry> open() throws FirewallException {
        List<Entry> found = new ArrayList<>();
        for (boolean ipv4 : families) {
            long lease = current.map(glass -> glass.lease().toSeconds()).orElse(0L);
            entries(IptablesGlass.open(ipv4), ipv4, lease, found);
        }
        return found;
    }

    @Override
    public List<Entry> used() throws FirewallException {
        List<Entry> found = new ArrayList<>();
        for (boolean ipv4 : families) {
            entries(IptablesGlass.used(ipv4), ipv4, IptablesGlass.MAX_SECONDS, found);
        }
        return found;
    }

    private void entries(String set, boolean ipv4, long longest, List<Entry> into) throws FirewallException {
        if (sets.isPresent()) {
            sets.get()
                    .addresses(
                            set,
                            ipv4,
                            (source, seconds) -> into.add(new Entry(
                                    source,
                                    Duration.ofSeconds(Math.max(0, longest - seconds)),
                                    Duration.ofSeconds(seconds))));
        }
    }

    @Override
    public void shut(Collection<Address> sources) throws FirewallException {
        remove("taking over break-glass", true, sources);
    }

    @Override
    public void forget(Collection<Address> sources) throws FirewallException {
        remove("reporting break-glass", false, sources);
    }

    private void remove(String operation, boolean open, Collection<Address> sources) throws FirewallException {
        Predicate<Address> isThere = source -> families.contains(source.isIpv4());
        if (sets.isPresent()) {
            sets.get()
                    .remove(
                            operation,
                            open ? IptablesGlass::open : IptablesGlass::used,
                            sources.stream().filter(isThere).toList());
        }
    }
}
