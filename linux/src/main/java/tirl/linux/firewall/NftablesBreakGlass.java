package tirl.linux.firewall;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import tirl.grant.BreakGlassSets;
import tirl.grant.FirewallException;
import tirl.linux.libc.Errno;
import tirl.linux.netlink.AttributeReader;
import tirl.linux.netlink.MessageReader;
import tirl.linux.netlink.MessageWriter;
import tirl.linux.netlink.Netlink;
import tirl.linux.netlink.NetlinkSocket;
import tirl.packet.Address;
import tirl.ruleset.BreakGlassRuleset;
import tirl.ruleset.GuardRuleset;

/** The heartbeat and the sets of addresses that break-glass keeps in the table. */
final class NftablesBreakGlass implements BreakGlassSets {
    private static final int GETSET = 10;
    /** Room for three messages about each of the most entries that a set holds. */
    private static final int CAPACITY = 1 << 20;

    private static final int MAX_DUMP_ATTEMPTS = 8;
    private static final int IPV4_OCTETS = 4;
    private static final int IPV6_OCTETS = 16;
    private static final byte[][] PROTOCOLS = {{ElementCodec.IPPROTO_TCP}, {ElementCodec.IPPROTO_UDP}};

    private final NetlinkSocket socket;
    private final MessageWriter writer = new MessageWriter(CAPACITY);
    private final ElementCodec codec = new ElementCodec();
    private final AttributeReader outer = new AttributeReader();
    private final AttributeReader list = new AttributeReader();
    private final AttributeReader element = new AttributeReader();
    private final AttributeReader key = new AttributeReader();
    private int last;

    NftablesBreakGlass(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Whether the table in the kernel has this part. */
    boolean isInstalled() throws FirewallException {
        return hasSet(NftablesFirewall.INSTALLING, BreakGlassRuleset.ALIVE);
    }

    /** Whether the table is in the kernel and has this set. */
    boolean hasSet(String operation, String set) throws FirewallException {
        try {
            NftablesFirewall.discardStale(socket);
            writer.clear();
            int sequence = socket.nextSequence();
            ElementCodec.begin(writer, GETSET, Netlink.NLM_F_ACK, sequence);
            name(set);
            writer.endMessage();
            socket.send(writer);
            while (true) {
                socket.receive();
                MessageReader message = socket.messages();
                while (message.next()) {
                    if (message.sequence() == sequence && message.type() == Netlink.NLMSG_ERROR) {
                        return isThere(operation, message.errno());
                    }
                }
            }
        } catch (IOException failure) {
            throw new FirewallException(operation + ": " + failure.getMessage(), failure);
        }
    }

    private static boolean isThere(String operation, int errno) throws FirewallException {
        if (errno != 0 && errno != Errno.ENOENT) {
            throw new FirewallException(operation + ": " + NftablesFirewall.explained(errno));
        }
        return errno == 0;
    }

    /** Add, delete, add: the only way to new time on every kernel, and to the packets one step. */
    @Override
    public void beat(Duration time) throws FirewallException {
        begin();
        for (byte[] protocol : PROTOCOLS) {
            add(BreakGlassRuleset.ALIVE, protocol, time);
            delete(BreakGlassRuleset.ALIVE, protocol);
            add(BreakGlassRuleset.ALIVE, protocol, time);
        }
        commit("the heartbeat");
    }

    @Override
    public List<Entry> open() throws FirewallException {
        return entries(BreakGlassRuleset.OPEN);
    }

    @Override
    public List<Entry> used() throws FirewallException {
        return entries(BreakGlassRuleset.USED);
    }

    @Override
    public void shut(Collection<Address> sources) throws FirewallException {
        remove("taking over break-glass", BreakGlassRuleset.OPEN, sources);
    }

    @Override
    public void forget(Collection<Address> sources) throws FirewallException {
        remove("reporting break-glass", BreakGlassRuleset.USED, sources);
    }

    private void remove(String operation, List<String> sets, Collection<Address> sources) throws FirewallException {
        if (sources.isEmpty()) {
            return;
        }
        begin();
        for (Address source : sources) {
            String set = sets.get(source.isIpv4() ? 0 : 1);
            // Added first, because what has ended meanwhile cannot be deleted.
            add(set, source.bytes(), Duration.ofSeconds(1));
            delete(set, source.bytes());
        }
        commit(operation);
    }

    private void begin() throws FirewallException {
        try {
            NftablesFirewall.discardStale(socket);
        } catch (IOException failure) {
            throw new FirewallException("break-glass: " + failure.getMessage(), failure);
        }
        writer.clear();
        codec.batchBegin(writer, socket.nextSequence());
    }

    /** Every message is acknowledged; the answer to the last stands for the transaction. */
    private void commit(String operation) throws FirewallException {
        try {
            codec.batchEnd(writer, socket.nextSequence());
            socket.send(writer);
            NftablesFirewall.requireSuccess(socket, operation, last);
        } catch (IOException failure) {
            throw new FirewallException(operation + ": " + failure.getMessage(), failure);
        }
    }

    private void add(String set, byte[] octets, Duration time) {
        change(ElementCodec.NEWSETELEM, Netlink.NLM_F_CREATE, set, octets, Optional.of(time));
    }

    private void delete(String set, byte[] octets) {
        change(ElementCodec.DELSETELEM, 0, set, octets, Optional.empty());
    }

    private void change(int type, int flags, String set, byte[] octets, Optional<Duration> time) {
        last = socket.nextSequence();
        ElementCodec.begin(writer, type, flags | Netlink.NLM_F_ACK, last);
        name(set);
        long elements = writer.beginNest(ElementCodec.LIST_ELEMENTS);
        long one = writer.beginNest(ElementCodec.LIST_ELEMENT);
        long keyNest = writer.beginNest(ElementCodec.ELEMENT_KEY);
        writer.attribute(ElementCodec.DATA_VALUE, octets);
        writer.endNest(keyNest);
        time.ifPresent(some -> writer.attributeBigEndian(ElementCodec.ELEMENT_TIMEOUT, some.toMillis()));
        writer.endNest(one);
        writer.endNest(elements);
        writer.endMessage();
    }

    /** Table and set have the same attribute numbers in messages about sets and about elements. */
    private void name(String set) {
        writer.attribute(ElementCodec.LIST_TABLE, GuardRuleset.TABLE);
        writer.attribute(ElementCodec.LIST_SET, set);
    }

    private List<Entry> entries(List<String> sets) throws FirewallException {
        List<Entry> all = new ArrayList<>();
        for (String set : sets) {
            all.addAll(entries(set));
        }
        return all;
    }

    private List<Entry> entries(String set) throws FirewallException {
        String operation = "listing " + set;
        try {
            for (int attempt = 0; attempt < MAX_DUMP_ATTEMPTS; attempt++) {
                List<Entry> found = new ArrayList<>();
                if (NftablesFirewall.dump(socket, writer, codec, set, message -> read(message, found))) {
                    return found;
                }
            }
        } catch (IOException failure) {
            throw new FirewallException(operation + ": " + failure.getMessage(), failure);
        }
        throw new FirewallException(operation + ": it changes faster than it can be listed");
    }

    private void read(MessageReader message, List<Entry> into) {
        message.attributes(ElementCodec.NFGENMSG, outer);
        while (outer.next()) {
            if (outer.type() == ElementCodec.LIST_ELEMENTS) {
                outer.nested(list);
                while (list.next()) {
                    list.nested(element);
                    readElement().ifPresent(into::add);
                }
            }
        }
    }

    private Optional<Entry> readElement() {
        Optional<Address> source = Optional.empty();
        long timeout = 0;
        long left = 0;
        while (element.next()) {
            switch (element.type()) {
                case ElementCodec.ELEMENT_KEY -> source = readKey();
                case ElementCodec.ELEMENT_TIMEOUT -> timeout = element.longBigEndian(0);
                case ElementCodec.ELEMENT_EXPIRATION -> left = element.longBigEndian(0);
                default -> {}
            }
        }
        Duration since = Duration.ofMillis(Math.max(0, timeout - left));
        // 0: it has ended while we read.
        Duration rest = Duration.ofMillis(Math.max(0, left));
        return source.filter(_ -> rest.isPositive()).map(address -> new Entry(address, since, rest));
    }

    private Optional<Address> readKey() {
        element.nested(key);
        if (!key.next() || key.type() != ElementCodec.DATA_VALUE) {
            return Optional.empty();
        }
        return switch (key.length()) {
            case IPV4_OCTETS -> Optional.of(Address.ofIpv4(key.intBigEndian(0)));
            case IPV6_OCTETS -> Optional.of(new Address(key.longBigEndian(0), key.longBigEndian(Long.BYTES)));
            default -> Optional.empty();
        };
    }
}
