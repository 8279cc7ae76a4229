package tirl.linux.firewall;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import tirl.grant.BreakGlassSets;
import tirl.grant.Firewall;
import tirl.grant.FirewallException;
import tirl.grant.Nat;
import tirl.grant.Opening;
import tirl.grant.TimedOpening;
import tirl.linux.libc.Errno;
import tirl.linux.libc.Libc;
import tirl.linux.libc.LibcException;
import tirl.linux.libc.Poller;
import tirl.linux.libc.ThisThread;
import tirl.linux.netlink.MessageReader;
import tirl.linux.netlink.MessageWriter;
import tirl.linux.netlink.Netlink;
import tirl.linux.netlink.NetlinkSocket;
import tirl.ruleset.GuardRuleset;
import tirl.ruleset.LeaseNat;
import tirl.ruleset.TrialRuleset;

/** nftables in the network namespace of this process. */
public final class NftablesFirewall implements Firewall, AutoCloseable {
    static final String NEEDS_CAPABILITY = "changing the firewall needs root or the capability CAP_NET_ADMIN";

    static final String INSTALLING = "installing the ruleset";

    /** Openings per transaction. Up to this many, a call is all or nothing. */
    private static final int MAX_BATCH = 500;
    /** More than all messages about one opening take. */
    private static final int OCTETS_PER_OPENING = 1536;
    /** An element may end between the question whether it is there and its deletion. */
    private static final int MAX_ATTEMPTS = 3;

    private static final int MAX_DUMP_ATTEMPTS = 8;

    private final NetlinkSocket socket;
    private final MessageWriter writer = new MessageWriter((MAX_BATCH + 1) * OCTETS_PER_OPENING);
    private final ElementCodec codec = new ElementCodec();
    private final NftablesBreakGlass breakGlass;
    private final NatElements nat;
    /** Whether the table in the kernel has {@link LeaseNat}; empty when nobody has looked. */
    private Optional<Boolean> hasNat = Optional.empty();

    private final Cutter cutter;

    /** For what needs to know no connection: every address counts as one of this host. */
    public NftablesFirewall() throws FirewallException {
        this((_, _) -> true, () -> {});
    }

    /**
     * @param local tells the addresses of this host
     * @param cutDone is run on a thread of the firewall's own when the result of a {@link #cut} is there
     */
    public NftablesFirewall(LocalAddresses local, Runnable cutDone) throws FirewallException {
        cutter = new Cutter(new Conntrack(local), cutDone);
        try {
            socket = new NetlinkSocket(NetlinkSocket.NETFILTER, 0);
            breakGlass = new NftablesBreakGlass(socket);
            nat = new NatElements();
        } catch (LibcException failure) {
            throw new FirewallException("netfilter cannot be reached: " + failure.getMessage(), failure);
        }
    }

    /** Whether this host has the program nft. */
    public static boolean isAvailable() {
        return NftCommand.isThere();
    }

    @Override
    public void install(GuardRuleset ruleset) throws FirewallException {
        String script = breakGlass.isInstalled() ? ruleset.nftOverBreakGlass() : ruleset.nft();
        NftCommand.run(INSTALLING, script);
        hasNat = Optional.empty();
    }

    @Override
    public boolean isInstalled() throws FirewallException {
        return breakGlass.hasSet(INSTALLING, GuardRuleset.LEASES_IPV4);
    }

    @Override
    public void install(TrialRuleset trial) throws FirewallException {
        String script = breakGlass.isInstalled() ? trial.nftOverBreakGlass() : trial.nft();
        NftCommand.run("installing the ruleset on trial", script);
        hasNat = Optional.empty();
    }

    @Override
    public void uninstall() throws FirewallException {
        NftCommand.run("taking the ruleset away", GuardRuleset.UNINSTALL);
    }

    @Override
    public void open(Collection<TimedOpening> openings) throws FirewallException {
        cutter.spare(openings.stream().map(TimedOpening::opening).toList());
        inBatches("opening", List.copyOf(openings), this::writeOpen);
        // The service, or a client on this host, may wait for this processor with a connection that now gets through.
        ThisThread.giveWay();
    }

    /** Opened and shut in one transaction: neither a packet nor a listing sees it. */
    @Override
    public void rehearse(TimedOpening opening) throws FirewallException {
        inBatches("rehearsing", List.of(opening), (timed, lastFlags) -> {
            int _ = writeOpen(timed, 0);
            int sequence = socket.nextSequence();
            codec.delete(writer, sequence, lastFlags, timed.opening());
            return sequence;
        });
    }

    @Override
    public void close(Collection<Opening> openings) throws FirewallException {
        inBatches("closing", List.copyOf(openings), this::writeClose);
    }

    /** First nothing passes any more, so that no packet can make an entry anew; then the entries go. */
    @Override
    public CompletableFuture<Map<Opening, Integer>> cut(Collection<Opening> openings) throws FirewallException {
        inBatches("cutting", List.copyOf(openings), (opening, lastFlags) -> {
            int sequence = socket.nextSequence();
            codec.bind(writer, sequence, lastFlags, opening);
            return sequence;
        });
        return cutter.cut(Set.copyOf(openings));
    }

    @Override
    public List<TimedOpening> openings() throws FirewallException {
        try {
            List<TimedOpening> found = new ArrayList<>(list(GuardRuleset.LEASES_IPV4));
            found.addAll(list(GuardRuleset.LEASES_IPV6));
            return hasNat("listing the openings") ? led(found, nat.list()) : found;
        } catch (IOException failure) {
            throw new FirewallException("listing the openings: " + failure.getMessage(), failure);
        }
    }

    private static List<TimedOpening> led(List<TimedOpening> openings, Map<Opening, Nat> leads) {
        return openings.stream()
                .map(each -> new TimedOpening(
                        each.opening(), each.left(), each.label(), Optional.ofNullable(leads.get(each.opening()))))
                .toList();
    }

    private boolean hasNat(String operation) throws FirewallException {
        if (hasNat.isEmpty()) {
            hasNat = Optional.of(breakGlass.hasSet(operation, LeaseNat.TARGETS + LeaseNat.IPV4));
        }
        return hasNat.get();
    }

    /**
     * Watches over the table from now on; both run on the poller's thread.
     *
     * @param gone when the table, or a part of it, is no more
     * @param othersChanged when rules of somebody else have come or gone
     */
    public TableWatch watch(Poller poller, Runnable gone, Runnable othersChanged) throws LibcException {
        return new TableWatch(poller, socket, gone, othersChanged);
    }

    /** The kernel's own part of break-glass, over the same connection. */
    public BreakGlassSets breakGlass() {
        return breakGlass;
    }

    /** Ends the connection to the kernel; the ruleset and the openings stay. */
    @Override
    public void close() {
        cutter.close();
        nat.close();
        socket.close();
    }

    /**
     * Adding an element that is there changes its time on new kernels and does nothing on old ones; deleting one that
     * is not there fails. Add, delete, add is right in every case and still one step to the packets.
     */
    private int writeOpen(TimedOpening opening, int lastFlags) throws IOException, FirewallException {
        if (hasNat("opening")) {
            nat.replace(writer, socket::nextSequence, opening);
        } else if (opening.nat().isPresent()) {
            throw new FirewallException("opening: the table in the kernel is without NAT; `tirl reload` puts it there");
        }
        codec.add(writer, socket.nextSequence(), 0, opening);
        codec.delete(writer, socket.nextSequence(), 0, opening.opening());
        int sequence = socket.nextSequence();
        codec.add(writer, sequence, lastFlags, opening);
        return sequence;
    }

    /** The element that is added first makes the deletion succeed when there was none. */
    private int writeClose(Opening opening, int lastFlags) throws IOException, FirewallException {
        if (hasNat("closing")) {
            nat.remove(writer, socket::nextSequence, opening);
        }
        codec.add(writer, socket.nextSequence(), 0, new TimedOpening(opening, Duration.ofSeconds(1), ""));
        int sequence = socket.nextSequence();
        codec.delete(writer, sequence, lastFlags, opening);
        return sequence;
    }

    private <T> void inBatches(String operation, List<T> items, ToMessages<T> toMessages) throws FirewallException {
        for (int from = 0; from < items.size(); from += MAX_BATCH) {
            List<T> batch = items.subList(from, Math.min(items.size(), from + MAX_BATCH));
            int attempts = hasNat(operation) ? MAX_ATTEMPTS : 1;
            while (!inBatch(operation, batch, toMessages, attempts == 1)) {
                attempts--;
            }
        }
    }

    /** False when it failed and may be tried again. */
    private <T> boolean inBatch(String operation, List<T> batch, ToMessages<T> toMessages, boolean last)
            throws FirewallException {
        try {
            discardStale(socket);
            writer.clear();
            nat.begin();
            codec.batchBegin(writer, socket.nextSequence());
            int sequence = 0;
            for (int i = 0; i < batch.size(); i++) {
                // Only the last is acknowledged: that answer stands for the whole transaction.
                sequence = toMessages.write(batch.get(i), i == batch.size() - 1 ? Netlink.NLM_F_ACK : 0);
            }
            codec.batchEnd(writer, socket.nextSequence());
            socket.send(writer);
            requireSuccess(socket, operation, sequence);
            return true;
        } catch (FirewallException failure) {
            if (last) {
                throw failure;
            }
            return false;
        } catch (IOException failure) {
            throw new FirewallException(operation + ": " + failure.getMessage(), failure);
        }
    }

    /** The kernel works a batch off inside send(2), so all its answers are there by now. */
    static void requireSuccess(NetlinkSocket socket, String operation, int last) throws IOException, FirewallException {
        boolean acknowledged = false;
        int firstErrno = 0;
        while (socket.receiveNow()) {
            MessageReader message = socket.messages();
            while (message.next()) {
                if (message.type() == Netlink.NLMSG_ERROR) {
                    acknowledged |= message.errno() == 0 && message.sequence() == last;
                    firstErrno = firstErrno == 0 ? message.errno() : firstErrno;
                }
            }
        }
        if (firstErrno != 0) {
            throw new FirewallException(operation + ": " + explained(firstErrno));
        }
        if (!acknowledged) {
            throw new FirewallException(operation + ": no answer from the kernel");
        }
    }

    static String explained(int errno) {
        String text = Libc.strerror(errno);
        return switch (errno) {
            case Errno.EPERM -> text + "; " + NEEDS_CAPABILITY;
            case Errno.ENOENT ->
                text + "; the nftables table inet " + GuardRuleset.TABLE
                        + " or a set of it is gone (was the ruleset flushed?): install it again";
            default -> text;
        };
    }

    /** Answers to a call that failed half-way must not pass for answers to this one. */
    static void discardStale(NetlinkSocket socket) throws IOException {
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

    private List<TimedOpening> list(String set) throws IOException, FirewallException {
        discardStale(socket);
        for (int attempt = 0; attempt < MAX_DUMP_ATTEMPTS; attempt++) {
            List<TimedOpening> found = new ArrayList<>();
            if (dump(socket, writer, codec, set, message -> codec.read(message, found::add))) {
                return found;
            }
        }
        throw new FirewallException("listing the openings: they change faster than they can be listed");
    }

    /** False when the list has holes because the ruleset changed meanwhile. */
    static boolean dump(
            NetlinkSocket socket, MessageWriter writer, ElementCodec codec, String set, Consumer<MessageReader> into)
            throws IOException, FirewallException {
        int sequence = socket.nextSequence();
        writer.clear();
        codec.dump(writer, sequence, set);
        socket.send(writer);
        boolean complete = true;
        while (true) {
            socket.receive();
            MessageReader message = socket.messages();
            while (message.next()) {
                if (message.sequence() != sequence) {
                    continue;
                }
                complete &= (message.flags() & Netlink.NLM_F_DUMP_INTR) == 0;
                boolean failed = message.type() == Netlink.NLMSG_ERROR;
                if (message.type() == Netlink.NLMSG_DONE || failed) {
                    int errno = message.errno();
                    if (errno != 0 && errno != Errno.ENOENT) {
                        throw new FirewallException("listing the openings: " + explained(errno));
                    }
                    return complete; // ENOENT: without a table nothing is open
                }
                into.accept(message);
            }
        }
    }

    /** Writes the messages for one item, the last with extra flags; gives the sequence number of that one. */
    @FunctionalInterface
    private interface ToMessages<T> {
        int write(T item, int lastFlags) throws IOException, FirewallException;
    }
}
