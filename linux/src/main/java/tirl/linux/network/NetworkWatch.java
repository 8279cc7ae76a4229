package tirl.linux.network;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tirl.linux.libc.Errno;
import tirl.linux.libc.Libc;
import tirl.linux.libc.LibcException;
import tirl.linux.libc.Poller;
import tirl.linux.netlink.MessageReader;
import tirl.linux.netlink.MessageWriter;
import tirl.linux.netlink.Netlink;
import tirl.linux.netlink.NetlinkSocket;
import tirl.packet.Address;

/**
 * Follows the interfaces and addresses of the network namespace. Changes come in on the poller's thread; what is true
 * now may be asked on any.
 */
public final class NetworkWatch implements AutoCloseable {
    private static final int RTM_GETLINK = 18;
    private static final int RTM_GETADDR = 22;
    /** RTMGRP_LINK, RTMGRP_IPV4_IFADDR and RTMGRP_IPV6_IFADDR. */
    private static final int GROUPS = 0x1 | 0x10 | 0x100;
    /** Datagrams per turn, so that an event storm cannot starve the captures. */
    private static final int MAX_BATCH = 256;

    private static final int MAX_DUMP_ATTEMPTS = 8;
    /** 127.0.0.0/8 in mapped form: the routing table has the whole network local, but only 127.0.0.1 is assigned. */
    private static final long LOOPBACK_IPV4 = 0xffff_7fL;

    private final Poller poller;
    private final NetlinkSocket socket;
    private final MessageWriter request = new MessageWriter(64);
    private final NetworkState state = new NetworkState();
    private final List<Runnable> listeners = new ArrayList<>();
    private boolean stale;

    private volatile LongPairSet addresses = LongPairSet.EMPTY;
    private volatile List<Address> ipv4 = List.of();
    private volatile LongPairSet enslaved = LongPairSet.EMPTY;
    private volatile Map<String, Link> links = Map.of();

    /** Learns everything before it returns. */
    public NetworkWatch(Poller poller) throws IOException {
        this.poller = poller;
        socket = new NetlinkSocket(NetlinkSocket.ROUTE, GROUPS);
        try {
            dumpAll();
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
        publish();
        poller.watch(socket.fd(), this::follow);
    }

    /** Whether this host has the address, as in {@link tirl.packet.Address}. Constant time, allocates nothing. */
    public boolean isLocal(long high, long low) {
        return (high == 0 && low >>> 24 == LOOPBACK_IPV4) || addresses.contains(high, low);
    }

    /** The IPv4 addresses of this host, the loopback's among them. */
    public List<Address> ipv4() {
        return ipv4;
    }

    public Optional<Link> link(String name) {
        return Optional.ofNullable(links.get(name));
    }

    /**
     * Whether the interface hands every frame on to a master (bridge, bond, team), where it is seen once more. Constant
     * time, allocates nothing.
     */
    public boolean isEnslaved(int ifindex) {
        return enslaved.contains(0, ifindex);
    }

    /** Runs {@code listener} on the poller's thread after every change. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        poller.forget(socket.fd());
        socket.close();
    }

    private void follow() {
        boolean changed = false;
        try {
            for (int i = 0; i < MAX_BATCH && socket.receiveNow(); i++) {
                changed |= applyAll();
            }
        } catch (IOException lostEvents) {
            // ENOBUFS: events were dropped, so only a full list tells what is true (netlink(7)).
            stale = true;
        }
        if (stale) {
            try {
                dumpAll();
            } catch (IOException again) {
                return; // the next event tries once more; until then what was published stays in force
            }
            stale = false;
            changed = true;
        }
        if (changed) {
            publish();
            List.copyOf(listeners).forEach(Runnable::run);
        }
    }

    private boolean applyAll() {
        MessageReader message = socket.messages();
        boolean changed = false;
        while (message.next()) {
            changed |= state.apply(message);
        }
        return changed;
    }

    private void dumpAll() throws IOException {
        for (int attempt = 0; attempt < MAX_DUMP_ATTEMPTS; attempt++) {
            state.clear();
            if (dump(RTM_GETLINK) && dump(RTM_GETADDR)) {
                return;
            }
        }
        throw new IOException("netlink: interfaces change faster than they can be listed");
    }

    /** False when the list has holes. Events that come in between are taken in as they come. */
    private boolean dump(int type) throws IOException {
        int sequence = socket.nextSequence();
        request.clear();
        request.beginMessage(type, Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP, sequence);
        request.zeros(type == RTM_GETLINK ? 16 : 8);
        request.endMessage();
        socket.send(request);
        boolean complete = true;
        while (true) {
            try {
                socket.receive();
            } catch (LibcException failure) {
                if (failure.errno() != Errno.ENOBUFS) {
                    throw failure;
                }
                // Read on to the end: the kernel takes no second request (EBUSY) while a list is under way.
                complete = false;
                continue;
            }
            MessageReader message = socket.messages();
            while (message.next()) {
                boolean answer = message.sequence() == sequence;
                complete &= !answer || (message.flags() & Netlink.NLM_F_DUMP_INTR) == 0;
                if (answer && message.type() == Netlink.NLMSG_DONE) {
                    return complete;
                }
                if (answer && message.type() == Netlink.NLMSG_ERROR) {
                    throw new IOException("netlink: listing interfaces: " + Libc.strerror(message.errno()));
                }
                state.apply(message);
            }
        }
    }

    private void publish() {
        links = state.linksByName();
        enslaved = state.enslaved();
        addresses = state.addresses();
        ipv4 = state.ipv4();
    }
}
