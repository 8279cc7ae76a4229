package tirl.linux.iptables;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import tirl.grant.FirewallException;
import tirl.grant.Opening;
import tirl.grant.TimedOpening;
import tirl.linux.libc.Errno;
import tirl.linux.libc.Libc;
import tirl.linux.libc.LibcException;
import tirl.linux.netlink.MessageReader;
import tirl.linux.netlink.MessageWriter;
import tirl.linux.netlink.Netlink;
import tirl.linux.netlink.NetlinkSocket;
import tirl.ruleset.iptables.IptablesRuleset;

/** Leases as elements of sets, which the kernel takes out when their time is over: no program runs for one. */
final class LeaseSets implements AutoCloseable {
    private static final Duration BOUND_FOR = Duration.ofDays(7);
    /** Messages per send. */
    private static final int MAX_BATCH = 200;

    private static final int OCTETS_PER_MESSAGE = 512;
    /** The limit of leases times the ports of a service; memory is taken for those that are there. */
    private static final int MAX_LEASES = 4_194_304;

    private static final int MAX_BOUND = 262_144;
    /** IPSET_MAX_TIMEOUT, 24 days: milliseconds in 31 bits. */
    private static final int MAX_SECONDS = Integer.MAX_VALUE / 1000;

    private static final int SET_IS_FULL = 4352;
    private static final int SET_HAS_NO_COMMENT = 4112;

    private final Program ipset;
    private final List<Boolean> families;
    private final NetlinkSocket socket;
    private final MessageWriter writer = new MessageWriter(MAX_BATCH * OCTETS_PER_MESSAGE);
    private final IpsetCodec codec = new IpsetCodec();

    private LeaseSets(Program ipset, List<Boolean> families) throws LibcException {
        this.ipset = ipset;
        this.families = families;
        socket = new NetlinkSocket(NetlinkSocket.NETFILTER, 0);
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

    /** Takes away the sets of both families, as far as they are there and no rule of others uses them. */
    static void destroy() throws FirewallException {
        Optional<Program> ipset = Program.find("ipset");
        if (ipset.isEmpty()) {
            return;
        }
        List<String> there;
        try {
            there = ipset.get()
                    .run("listing the sets", "", "list", "-name")
                    .lines()
                    .toList();
        } catch (FirewallException kernelWithoutSets) {
            return;
        }
        for (boolean ipv4 : List.of(true, false)) {
            for (String set : List.of(IptablesRuleset.leases(ipv4), IptablesRuleset.bound(ipv4))) {
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
            each(
                    "opening",
                    all,
                    (timed, sequence) -> codec.add(
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
        each(
                "closing",
                List.copyOf(openings),
                (opening, sequence) -> codec.delete(
                        writer,
                        sequence,
                        IptablesRuleset.leases(opening.source().isIpv4()),
                        opening));
    }

    /** From now on these pass with a live lease only. */
    void bind(Collection<Opening> openings) throws FirewallException {
        each(
                "cutting",
                List.copyOf(openings),
                (opening, sequence) -> codec.add(
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
            try {
                list(ipv4, found);
            } catch (IOException failure) {
                throw new FirewallException("listing the openings: " + failure.getMessage(), failure);
            }
        }
        return found;
    }

    private void list(boolean ipv4, List<TimedOpening> into) throws IOException, FirewallException {
        discardStale();
        int sequence = socket.nextSequence();
        writer.clear();
        codec.dump(writer, sequence, IptablesRuleset.leases(ipv4), ipv4);
        socket.send(writer);
        while (true) {
            socket.receive();
            MessageReader message = socket.messages();
            while (message.next()) {
                if (message.sequence() != sequence) {
                    continue;
                }
                if (message.type() == Netlink.NLMSG_ERROR || message.type() == Netlink.NLMSG_DONE) {
                    if (message.errno() != 0) {
                        throw new FirewallException("listing the openings: " + explained(message.errno()));
                    }
                    return;
                }
                codec.read(message, into::add);
            }
        }
    }

    private <T> void each(String operation, List<T> items, ToMessage<T> toMessage) throws FirewallException {
        for (int from = 0; from < items.size(); from += MAX_BATCH) {
            List<T> batch = items.subList(from, Math.min(items.size(), from + MAX_BATCH));
            try {
                discardStale();
                writer.clear();
                for (T item : batch) {
                    toMessage.write(item, socket.nextSequence());
                }
                socket.send(writer);
                requireSuccess(operation, batch.size());
            } catch (IOException failure) {
                throw new FirewallException(operation + ": " + failure.getMessage(), failure);
            }
        }
    }

    /** The kernel works them off inside send(2), so all its answers are there by now: one for each message. */
    private void requireSuccess(String operation, int expected) throws IOException, FirewallException {
        int answers = 0;
        int refused = 0;
        while (socket.receiveNow()) {
            MessageReader message = socket.messages();
            while (message.next()) {
                if (message.type() == Netlink.NLMSG_ERROR) {
                    answers++;
                    refused = refused == 0 ? message.errno() : refused;
                }
            }
        }
        if (refused != 0) {
            throw new FirewallException(operation + ": " + explained(refused));
        }
        if (answers < expected) {
            throw new FirewallException(operation + ": no answer from the kernel");
        }
    }

    private static String explained(int errno) {
        return switch (errno) {
            case Errno.ENOENT -> "the set of leases is gone (was it destroyed?): install it again";
            case Errno.EPERM -> Libc.strerror(errno) + "; changing ipset needs root or the capability CAP_NET_ADMIN";
            case SET_IS_FULL -> "the set is full: " + MAX_LEASES + " open ports";
            case SET_HAS_NO_COMMENT -> "the set has no comments, so it is not tirl's; destroy it with `ipset destroy`";
            default -> errno < 4096 ? Libc.strerror(errno) : "ipset says error " + errno;
        };
    }

    /** Answers to a call that failed half-way must not pass for answers to this one. */
    private void discardStale() throws IOException {
        while (true) {
            try {
                if (!socket.receiveNow()) {
                    return;
                }
            } catch (LibcException overflow) {
                if (overflow.errno() != Errno.ENOBUFS) {
                    throw overflow;
                }
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    @FunctionalInterface
    private interface ToMessage<T> {
        void write(T item, int sequence);
    }
}
