package tirl.linux.firewall;

import java.nio.ByteBuffer;
import java.util.Optional;
import tirl.door.ServicePort;
import tirl.linux.netlink.AttributeReader;
import tirl.linux.netlink.MessageReader;
import tirl.linux.netlink.MessageWriter;
import tirl.linux.netlink.Netlink;
import tirl.packet.Address;
import tirl.packet.Transport;

/** The kernel's connections as nfnetlink messages (linux/netfilter/nfnetlink_conntrack.h). */
final class ConntrackCodec {
    private static final int SUBSYSTEM = 1 << 8;
    private static final int NEW = 0;
    private static final int GET = 1;
    private static final int DELETE = 2;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int NFGENMSG = 4;
    private static final int TUPLE_ORIGINAL = 1;
    private static final int TUPLE_REPLY = 2;
    private static final int ID = 12;
    private static final int ZONE = 18;
    private static final int FILTER = 25;
    private static final int FILTER_ORIGINAL_FLAGS = 1;
    private static final int FILTER_REPLY_FLAGS = 2;
    /** CTA_FILTER_FLAG(CTA_IP_SRC): only the source address of the tuple is compared. */
    private static final int BY_SOURCE = 1;

    private static final int TUPLE_IP = 1;
    private static final int TUPLE_PROTOCOL = 2;
    private static final int IPV4_SOURCE = 1;
    private static final int IPV4_DESTINATION = 2;
    private static final int IPV6_SOURCE = 3;
    private static final int IPV6_DESTINATION = 4;
    private static final int PROTOCOL_NUMBER = 1;
    private static final int PROTOCOL_DESTINATION_PORT = 3;
    private static final int IPPROTO_TCP = 6;
    private static final int IPPROTO_UDP = 17;
    private static final Address NOWHERE = new Address(0, 0);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** One direction of a connection. */
    record Flow(Address source, Address destination, ServicePort port) {}

    /**
     * An entry, with what the kernel wants to hear to delete this one and no later one with the same addresses.
     *
     * @param zone empty for the default zone
     */
    record Connection(Flow original, Flow reply, ByteBuffer tuple, ByteBuffer id, ByteBuffer zone) {}

    private final AttributeReader outer = new AttributeReader();
    private final AttributeReader tuple = new AttributeReader();
    private final AttributeReader part = new AttributeReader();

    void list(MessageWriter writer, int sequence, boolean ipv4) {
        begin(writer, GET, Netlink.NLM_F_DUMP, sequence, ipv4);
        writer.endMessage();
    }

    /**
     * Asks for entries with this source in one direction only. Kernels before 5.8 do not know filters and list all, so
     * what comes has to be looked at either way.
     */
    void list(MessageWriter writer, int sequence, Address source, boolean reply) {
        begin(writer, GET, Netlink.NLM_F_DUMP, sequence, source.isIpv4());
        long nest = writer.beginNest(reply ? TUPLE_REPLY : TUPLE_ORIGINAL);
        long ip = writer.beginNest(TUPLE_IP);
        writer.attribute(source.isIpv4() ? IPV4_SOURCE : IPV6_SOURCE, source.bytes());
        writer.endNest(ip);
        writer.endNest(nest);
        long filter = writer.beginNest(FILTER);
        writer.attributeHostOrder(reply ? FILTER_REPLY_FLAGS : FILTER_ORIGINAL_FLAGS, BY_SOURCE);
        writer.endNest(filter);
        writer.endMessage();
    }

    void delete(MessageWriter writer, int sequence, Connection connection) {
        begin(
                writer,
                DELETE,
                Netlink.NLM_F_ACK,
                sequence,
                connection.original().source().isIpv4());
        writer.attribute(TUPLE_ORIGINAL, connection.tuple().array());
        writer.attribute(ID, connection.id().array());
        if (connection.zone().hasRemaining()) {
            writer.attribute(ZONE, connection.zone().array());
        }
        writer.endMessage();
    }

    private static void begin(MessageWriter writer, int type, int flags, int sequence, boolean ipv4) {
        writer.beginMessage(SUBSYSTEM | type, Netlink.NLM_F_REQUEST | flags, sequence);
        writer.octets(ipv4 ? AF_INET : AF_INET6, 0, 0, 0);
    }

    /** An entry of a list; empty for anything else, and for what is neither TCP nor UDP. */
    Optional<Connection> read(MessageReader message) {
        if (message.type() != (SUBSYSTEM | NEW)) {
            return Optional.empty();
        }
        Optional<Flow> original = Optional.empty();
        Optional<Flow> reply = Optional.empty();
        ByteBuffer whole = NOTHING;
        ByteBuffer id = NOTHING;
        ByteBuffer zone = NOTHING;
        message.attributes(NFGENMSG, outer);
        while (outer.next()) {
            switch (outer.type()) {
                case TUPLE_ORIGINAL -> {
                    original = flow();
                    whole = ByteBuffer.wrap(outer.octets());
                }
                case TUPLE_REPLY -> reply = flow();
                case ID -> id = ByteBuffer.wrap(outer.octets());
                case ZONE -> zone = ByteBuffer.wrap(outer.octets());
                default -> {}
            }
        }
        return original.isEmpty() || reply.isEmpty()
                ? Optional.empty()
                : Optional.of(new Connection(original.get(), reply.get(), whole, id, zone));
    }

    private Optional<Flow> flow() {
        Address source = NOWHERE;
        Address destination = NOWHERE;
        int protocol = 0;
        int port = 0;
        outer.nested(tuple);
        while (tuple.next()) {
            tuple.nested(part);
            while (part.next()) {
                if (tuple.type() == TUPLE_IP) {
                    switch (part.type()) {
                        case IPV4_SOURCE, IPV6_SOURCE -> source = address();
                        case IPV4_DESTINATION, IPV6_DESTINATION -> destination = address();
                        default -> {}
                    }
                } else if (tuple.type() == TUPLE_PROTOCOL) {
                    switch (part.type()) {
                        case PROTOCOL_NUMBER -> protocol = part.octet(0);
                        case PROTOCOL_DESTINATION_PORT -> port = part.shortBigEndian();
                        default -> {}
                    }
                }
            }
        }
        if (port == 0 || (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP)) {
            return Optional.empty();
        }
        Transport transport = protocol == IPPROTO_TCP ? Transport.TCP : Transport.UDP;
        return Optional.of(new Flow(source, destination, new ServicePort(transport, port)));
    }

    private Address address() {
        return part.length() == Integer.BYTES
                ? Address.ofIpv4(part.intBigEndian(0))
                : new Address(part.longBigEndian(0), part.longBigEndian(Long.BYTES));
    }
}
