package tirl.linux.firewall;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import tirl.grant.FirewallException;
import tirl.grant.Nat;
import tirl.grant.Opening;
import tirl.grant.TimedOpening;
import tirl.linux.libc.Errno;
import tirl.linux.libc.LibcException;
import tirl.linux.netlink.MessageReader;
import tirl.linux.netlink.MessageWriter;
import tirl.linux.netlink.Netlink;
import tirl.linux.netlink.NetlinkSocket;
import tirl.ruleset.LeaseNat;

/**
 * Where leases lead, in the kernel. An element of a map cannot be written over by another one, and one that is not there
 * cannot be deleted: so the kernel is asked first, over a connection of its own.
 */
final class NatElements implements AutoCloseable {
    /**
     * That much longer than the lease: the kernel ends both by timers of their own, and a port that leads elsewhere must not
     * open here in between. Without the lease it does nothing.
     */
    private static final Duration LONGER = Duration.ofSeconds(1);

    private static final int MAX_REQUEST = 4096;
    private static final int MAX_DUMP_ATTEMPTS = 8;

    private final NetlinkSocket socket;
    private final MessageWriter writer = new MessageWriter(MAX_REQUEST);
    private final NatCodec codec = new NatCodec();
    private final ElementCodec elements = new ElementCodec();

    private final Set<Opening> removed = new HashSet<>();

    NatElements() throws LibcException {
        socket = new NetlinkSocket(NetlinkSocket.NETFILTER, 0);
    }

    /** A new batch. */
    void begin() {
        removed.clear();
    }

    /** Makes a batch have this opening lead where it says and nowhere else. */
    void replace(MessageWriter batch, IntSupplier sequences, TimedOpening opening)
            throws IOException, FirewallException {
        remove(batch, sequences, opening.opening());
        if (opening.nat().isPresent()) {
            TimedOpening longer =
                    new TimedOpening(opening.opening(), opening.left().plus(LONGER), opening.label(), opening.nat());
            NatCodec.elements(opening.nat().get())
                    .forEach((set, value) -> codec.add(batch, sequences.getAsInt(), longer, set, value));
        }
    }

    /** Makes a batch have this opening lead nowhere. */
    void remove(MessageWriter batch, IntSupplier sequences, Opening opening) throws IOException, FirewallException {
        if (!removed.add(opening)) {
            return; // the kernel has not seen this batch yet, and would say that it is there
        }
        for (String set : NatCodec.SETS) {
            if (isThere(opening, set)) {
                codec.delete(batch, sequences.getAsInt(), opening, set);
            }
        }
    }

    private boolean isThere(Opening opening, String set) throws IOException, FirewallException {
        NftablesFirewall.discardStale(socket);
        int sequence = socket.nextSequence();
        writer.clear();
        codec.get(writer, sequence, opening, set);
        socket.send(writer);
        while (true) {
            socket.receive();
            MessageReader message = socket.messages();
            while (message.next()) {
                if (message.sequence() == sequence && message.type() == Netlink.NLMSG_ERROR) {
                    int errno = message.errno();
                    if (errno != 0 && errno != Errno.ENOENT) {
                        throw new FirewallException("asking where a lease leads: " + NftablesFirewall.explained(errno));
                    }
                    return errno == 0;
                }
            }
        }
    }

    /** Where leases lead that do not lead to their port; also such as have ended just now. */
    Map<Opening, Nat> list() throws IOException, FirewallException {
        Map<Opening, Map<String, ByteBuffer>> found = new HashMap<>();
        for (String set : NatCodec.SETS) {
            list(set, LeaseNat.IPV4, found);
            list(set, LeaseNat.IPV6, found);
        }
        Map<Opening, Nat> leads = new HashMap<>();
        found.forEach((opening, each) -> NatCodec.nat(each).ifPresent(nat -> leads.put(opening, nat)));
        return leads;
    }

    private void list(String set, String version, Map<Opening, Map<String, ByteBuffer>> into)
            throws IOException, FirewallException {
        NftablesFirewall.discardStale(socket);
        for (int attempt = 0; attempt < MAX_DUMP_ATTEMPTS; attempt++) {
            Map<Opening, ByteBuffer> found = new HashMap<>();
            if (NftablesFirewall.dump(
                    socket, writer, elements, set + version, message -> codec.read(message, found::put))) {
                found.forEach((opening, value) ->
                        into.computeIfAbsent(opening, _ -> new HashMap<>()).put(set, value));
                return;
            }
        }
        throw new FirewallException("listing where leases lead: that changes faster than it can be listed");
    }

    @Override
    public void close() {
        socket.close();
    }
}
