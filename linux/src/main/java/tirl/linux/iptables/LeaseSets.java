package tirl.linux.iptables;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;
import tirl.grant.FirewallException;
import tirl.grant.Opening;
import tirl.grant.TimedOpening;
import tirl.linux.libc.LibcException;
import tirl.packet.Address;
import tirl.ruleset.iptables.IptablesGlass;
import tirl.ruleset.iptables.IptablesRuleset;

/** Leases as elements of sets, which the kernel takes out when their time is over: no program runs for one. */
final class LeaseSets implements AutoCloseable {
    private static final Duration BOUND_FOR = Duration.ofDays(7);
    /** The limit of leases times the ports of a service; memory is taken for those that are there. */
    private static final int MAX_LEASES = 4_194_304;

    private static final int MAX_BOUND = 262_144;
    /** IPSET_MAX_TIMEOUT, 24 days: milliseconds in 31 bits. */
    private static final int MAX_SECONDS = Integer.MAX_VALUE / 1000;

    private final Program ipset;
    private final List<Boolean> families;
    private final IpsetSocket socket = new IpsetSocket();
    private final IpsetCodec codec = new IpsetCodec();

    private LeaseSets(Program ipset, List<Boolean> families) throws LibcException {
        this.ipset = ipset;
        this.families = families;
    }

    /** Makes the sets; empty when this host has no program ipset. */
    static Optional<LeaseSets> make(List<Boolean> families) throws FirewallException {
        Optional<Program> ipset = Program.find("ipset");
        if (ipset.isEmpty()) {
            return Optional.empty();
        }
        try {
            LeaseSets sets = new LeaseSets(ipset.get(), families);
            sets.create();
            return Optional.of(sets);
        } catch (LibcException failure) {
            throw new FirewallException("netfilter cannot be reached: " + failure.getMessage(), failure);
        }
    }

    /** Those that are there stay as they are. */
    void create() throws FirewallException {
        StringBuilder text = new StringBuilder();
        for (boolean ipv4 : families) {
            String kind = " hash:ip,port family " + (ipv4 ? "inet" : "inet6") + " timeout 0 maxelem ";
            text.append("create ")
                    .append(IptablesRuleset.leases(ipv4))
                    .append(kind)
                    .append(MAX_LEASES + " comment\n");
            text.append("create ")
                    .append(IptablesRuleset.bound(ipv4))
                    .append(kind)
                    .append(MAX_BOUND + "\n");
        }
        ipset.run("making the sets of leases", text.toString(), "-exist", "restore");
    }

    /** The sets of break-glass, before its rules. */
    void create(IptablesGlass glass) throws FirewallException {
        ipset.run("making the sets of break-glass", glass.create(), "-exist", "restore");
    }

    /** Takes away those sets of break-glass that no rule uses any more. */
    void destroyGlass(boolean ipv4, List<String> but) throws FirewallException {
        List<String> over = new ArrayList<>(names(ipset));
        over.retainAll(IptablesGlass.names(ipv4));
        over.removeAll(but);
        for (String set : over) {
            ipset.run("taking the set " + set + " away", "", "destroy", set);
        }
    }

    private static List<String> names(Program ipset) throws FirewallException {
        return ipset.run("listing the sets", "", "list", "-name").lines().toList();
    }

    /** Takes away the sets of both families, as far as they are there and no rule of others uses them. */
    static void destroy() throws FirewallException {
        Optional<Program> ipset = Program.find("ipset");
        if (ipset.isEmpty()) {
            return;
        }
        List<String> there;
        try {
            there = names(ipset.get());
        } catch (FirewallException kernelWithoutSets) {
            return;
        }
        for (boolean ipv4 : List.of(true, false)) {
            List<String> ours = new ArrayList<>(List.of(IptablesRuleset.leases(ipv4), IptablesRuleset.bound(ipv4)));
            ours.addAll(IptablesGlass.names(ipv4));
            for (String set : ours) {
                if (there.contains(set)) {
                    ipset.get().run("taking the set " + set + " away", "", "destroy", set);
                }
            }
        }
    }

    /** Whole seconds, rounded down: a lease ends early, never late. One of less than a second is ended by the daemon. */
    void open(Collection<TimedOpening> openings) throws FirewallException {
        List<TimedOpening> all = List.copyOf(openings);
        try {
            socket.each(
                    "opening",
                    all,
                    (writer, timed, sequence) -> codec.add(
                            writer,
                            sequence,
                            IptablesRuleset.leases(timed.opening().source().isIpv4()),
                            timed.opening(),
                            Math.clamp(timed.left().toSeconds(), 1, MAX_SECONDS),
                            timed.label()));
        } catch (FirewallException partly) {
            close(all.stream().map(TimedOpening::opening).toList());
            throw partly;
        }
    }

    void close(Collection<Opening> openings) throws FirewallException {
        socket.each(
                "closing",
                List.copyOf(openings),
                (writer, opening, sequence) -> codec.delete(
                        writer,
                        sequence,
                        IptablesRuleset.leases(opening.source().isIpv4()),
                        opening));
    }

    /** From now on these pass with a live lease only. */
    void bind(Collection<Opening> openings) throws FirewallException {
        socket.each(
                "cutting",
                List.copyOf(openings),
                (writer, opening, sequence) -> codec.add(
                        writer,
                        sequence,
                        IptablesRuleset.bound(opening.source().isIpv4()),
                        opening,
                        BOUND_FOR.toSeconds(),
                        ""));
    }

    List<TimedOpening> openings() throws FirewallException {
        List<TimedOpening> found = new ArrayList<>();
        for (boolean ipv4 : families) {
            socket.list(
                    "listing the openings",
                    (writer, sequence) -> codec.dump(writer, sequence, IptablesRuleset.leases(ipv4), ipv4),
                    message -> codec.read(message, found::add));
        }
        return found;
    }

    /** The heartbeat: an element that is there gets the new time and is missing at no moment. */
    void renew(List<Address> networks, long seconds) throws FirewallException {
        socket.each(
                "the heartbeat",
                networks,
                (writer, network, sequence) ->
                        codec.addNetwork(writer, sequence, IptablesGlass.alive(network.isIpv4()), network, 1, seconds));
    }

    /** Hands on what is in a set of addresses, with its seconds; nothing when there is no such set. */
    void addresses(String set, boolean ipv4, ObjIntConsumer<Address> into) throws FirewallException {
        socket.listIfThere(
                "listing " + set,
                (writer, sequence) -> codec.dump(writer, sequence, set, ipv4),
                message -> codec.readAddresses(message, into));
    }

    /** @param set its name, for IPv4 or not */
    void remove(String operation, Function<Boolean, String> set, List<Address> sources) throws FirewallException {
        socket.each(
                operation,
                sources,
                (writer, source, sequence) ->
                        codec.deleteAddress(writer, sequence, set.apply(source.isIpv4()), source));
    }

    @Override
    public void close() {
        socket.close();
    }
}
