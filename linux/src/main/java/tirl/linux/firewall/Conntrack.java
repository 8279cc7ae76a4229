package tirl.linux.firewall;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tirl.grant.FirewallException;
import tirl.grant.Opening;
import tirl.linux.firewall.ConntrackCodec.Connection;
import tirl.linux.firewall.ConntrackCodec.Flow;
import tirl.linux.libc.Errno;
import tirl.linux.libc.Libc;
import tirl.linux.libc.LibcException;
import tirl.linux.netlink.MessageReader;
import tirl.linux.netlink.MessageWriter;
import tirl.linux.netlink.Netlink;
import tirl.linux.netlink.NetlinkSocket;
import tirl.packet.Address;

/** The kernel's table of connections: finds and deletes those of a source to ports of this host. */
final class Conntrack implements AutoCloseable {
    /** Up to this many sources the kernel picks the entries, in two walks each; for more, one list of all is cheaper. */
    private static final int PICKED = 4;
    /** Deletions per send. */
    private static final int MAX_BATCH = 200;

    private static final int OCTETS_PER_DELETION = 256;
    private static final String OPERATION = "ending live connections";

    private final LocalAddresses local;
    private final NetlinkSocket socket;
    private final MessageWriter writer = new MessageWriter(MAX_BATCH * OCTETS_PER_DELETION);
    private final ConntrackCodec codec = new ConntrackCodec();

    Conntrack(LocalAddresses local) throws FirewallException {
        this.local = local;
        try {
            socket = new NetlinkSocket(NetlinkSocket.NETFILTER, 0);
        } catch (LibcException failure) {
            throw new FirewallException("netfilter cannot be reached: " + failure.getMessage(), failure);
        }
    }

    /** The live connections of these, by entry. */
    Map<Connection, Opening> find(Set<Opening> openings) throws IOException, FirewallException {
        Map<Connection, Opening> found = new HashMap<>();
        for (boolean ipv4 : List.of(true, false)) {
            Set<Address> sources = openings.stream()
                    .map(Opening::source)
                    .filter(source -> source.isIpv4() == ipv4)
                    .collect(Collectors.toSet());
            find(
                    sources,
                    ipv4,
                    connection -> ofOne(connection, openings).ifPresent(opening -> found.put(connection, opening)));
        }
        return found;
    }

    /**
     * The original direction, before any destination NAT, is what the lease was for. The reply direction has the source
     * when the kernel first saw the connection through a packet of the server: one from before conntrack was in use.
     */
    private Optional<Opening> ofOne(Connection connection, Set<Opening> openings) {
        return Optional.of(connection.original())
                .filter(flow -> fits(flow, openings))
                .or(() -> Optional.of(connection.reply()).filter(flow -> fits(flow, openings)))
                .map(flow -> new Opening(flow.source(), flow.port()));
    }

    private boolean fits(Flow flow, Set<Opening> openings) {
        return openings.contains(new Opening(flow.source(), flow.port()))
                && local.isLocal(flow.destination().high(), flow.destination().low());
    }

    private void find(Set<Address> sources, boolean ipv4, Consumer<Connection> into)
            throws IOException, FirewallException {
        if (sources.size() > PICKED) {
            list(sequence -> codec.list(writer, sequence, ipv4), into);
            return;
        }
        for (Address source : sources) {
            for (boolean reply : List.of(false, true)) {
                list(sequence -> codec.list(writer, sequence, source, reply), into);
            }
        }
    }

    /** Entries that come and go meanwhile are no matter: new ones cannot be those that we look for. */
    private void list(Request request, Consumer<Connection> into) throws IOException, FirewallException {
        int sequence = socket.nextSequence();
        writer.clear();
        request.write(sequence);
        socket.send(writer);
        while (true) {
            socket.receive();
            MessageReader message = socket.messages();
            while (message.next()) {
                if (message.sequence() != sequence) {
                    continue;
                }
                boolean failed = message.type() == Netlink.NLMSG_ERROR;
                if (message.type() == Netlink.NLMSG_DONE || failed) {
                    if (message.errno() != 0) {
                        throw new FirewallException(OPERATION + ": " + Libc.strerror(message.errno())
                                + "; it needs nf_conntrack_netlink in the kernel, and the capability CAP_NET_ADMIN");
                    }
                    return;
                }
                codec.read(message).ifPresent(into);
            }
        }
    }

    /** At most {@value #MAX_BATCH}. Gives those that were still there. */
    List<Connection> delete(List<Connection> connections) throws IOException, FirewallException {
        Map<Integer, Connection> asked = new HashMap<>();
        writer.clear();
        for (Connection connection : connections) {
            int sequence = socket.nextSequence();
            asked.put(sequence, connection);
            codec.delete(writer, sequence, connection);
        }
        List<Connection> deleted = new ArrayList<>();
        if (asked.isEmpty()) {
            return deleted;
        }
        socket.send(writer);
        int refused = 0;
        // Each is answered inside send(2).
        while (socket.receiveNow()) {
            MessageReader message = socket.messages();
            while (message.next()) {
                Connection connection = asked.remove(message.sequence());
                if (connection != null && message.errno() == 0) {
                    deleted.add(connection);
                } else if (connection != null && message.errno() != Errno.ENOENT) {
                    refused = message.errno();
                }
            }
        }
        if (refused != 0 || !asked.isEmpty()) {
            String why = refused == 0 ? "no answer from the kernel" : Libc.strerror(refused);
            throw new FirewallException(OPERATION + ": " + why);
        }
        return deleted;
    }

    @Override
    public void close() {
        socket.close();
    }

    @FunctionalInterface
    private interface Request {
        void write(int sequence);
    }
}
