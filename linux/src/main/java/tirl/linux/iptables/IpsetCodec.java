package tirl.linux.iptables;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import tirl.door.ServicePort;
import tirl.grant.Opening;
import tirl.grant.TimedOpening;
import tirl.linux.netlink.AttributeReader;
import tirl.linux.netlink.MessageReader;
import tirl.linux.netlink.MessageWriter;
import tirl.linux.netlink.Netlink;
import tirl.packet.Address;
import tirl.packet.Transport;

/** Elements of sets of the type hash:ip,port as nfnetlink messages (linux/netfilter/ipset/ip_set.h). */
final class IpsetCodec {
    private static final int SUBSYSTEM = 6 << 8;
    private static final int LIST = 7;
    private static final int ADD = 9;
    private static final int DELETE = 10;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int NFGENMSG = 4;
    /** Understood by every kernel since 2.6.39. */
    private static final byte[] VERSION = {6};

    private static final int PROTOCOL = 1;
    private static final int SET_NAME = 2;
    private static final int DATA = 7;
    private static final int ELEMENTS = 8;
    private static final int IP = 1;
    private static final int PREFIX_LENGTH = 3;
    private static final int PORT = 4;
    private static final int TIMEOUT = 6;
    private static final int TRANSPORT = 7;
    private static final int COMMENT = 26;
    private static final int IPV4 = 1;
    private static final int IPV6 = 2;
    /** NLA_F_NET_BYTEORDER: ipset refuses numbers without it. */
    private static final int BIG_ENDIAN = 0x4000;

    private static final int IPPROTO_TCP = 6;
    private static final int IPPROTO_UDP = 17;
    /** IPSET_MAX_COMMENT_SIZE. */
    private static final int MAX_COMMENT = 255;

    private final AttributeReader outer = new AttributeReader();
    private final AttributeReader list = new AttributeReader();
    private final AttributeReader element = new AttributeReader();
    private final AttributeReader part = new AttributeReader();

    /** Without NLM_F_EXCL an element that is there gets the new time and comment. */
    void add(MessageWriter writer, int sequence, String set, Opening opening, long seconds, String label) {
        begin(writer, ADD, Netlink.NLM_F_ACK, sequence, set, opening.source().isIpv4());
        long data = key(writer, opening);
        timeout(writer, (int) seconds);
        if (!label.isEmpty()) {
            // `ipset save` prints comments between quotes as they are: nothing in one may end it or steer a terminal.
            byte[] text = (label.replaceAll("[\\p{Cntrl}\"]", "_") + '\0').getBytes(StandardCharsets.UTF_8);
            writer.attribute(COMMENT, text, Math.min(text.length, MAX_COMMENT));
        }
        writer.endNest(data);
        writer.endMessage();
    }

    /** The same for a set of networks. */
    void addNetwork(MessageWriter writer, int sequence, String set, Address network, int length, long seconds) {
        begin(writer, ADD, Netlink.NLM_F_ACK, sequence, set, network.isIpv4());
        long data = address(writer, network);
        writer.attribute(PREFIX_LENGTH, new byte[] {(byte) length});
        timeout(writer, (int) seconds);
        writer.endNest(data);
        writer.endMessage();
    }

    /** As {@link #delete}, for a set of addresses. */
    void deleteAddress(MessageWriter writer, int sequence, String set, Address source) {
        begin(writer, DELETE, Netlink.NLM_F_ACK, sequence, set, source.isIpv4());
        writer.endNest(address(writer, source));
        writer.endMessage();
    }

    private static void timeout(MessageWriter writer, int seconds) {
        writer.attribute(
                TIMEOUT | BIG_ENDIAN,
                new byte[] {(byte) (seconds >> 24), (byte) (seconds >> 16), (byte) (seconds >> 8), (byte) seconds});
    }

    /** Without NLM_F_EXCL one that is not there is no mistake. */
    void delete(MessageWriter writer, int sequence, String set, Opening opening) {
        begin(writer, DELETE, Netlink.NLM_F_ACK, sequence, set, opening.source().isIpv4());
        writer.endNest(key(writer, opening));
        writer.endMessage();
    }

    void dump(MessageWriter writer, int sequence, String set, boolean ipv4) {
        begin(writer, LIST, Netlink.NLM_F_DUMP, sequence, set, ipv4);
        writer.endMessage();
    }

    private static void begin(MessageWriter writer, int command, int flags, int sequence, String set, boolean ipv4) {
        writer.beginMessage(SUBSYSTEM | command, Netlink.NLM_F_REQUEST | flags, sequence);
        writer.octets(ipv4 ? AF_INET : AF_INET6, 0, 0, 0);
        writer.attribute(PROTOCOL, VERSION);
        writer.attribute(SET_NAME, set);
    }

    private static long key(MessageWriter writer, Opening opening) {
        long data = address(writer, opening.source());
        int port = opening.port().port();
        writer.attribute(PORT | BIG_ENDIAN, new byte[] {(byte) (port >> 8), (byte) port});
        boolean tcp = opening.port().transport() == Transport.TCP;
        writer.attribute(TRANSPORT, new byte[] {(byte) (tcp ? IPPROTO_TCP : IPPROTO_UDP)});
        return data;
    }

    private static long address(MessageWriter writer, Address address) {
        long data = writer.beginNest(DATA);
        long ip = writer.beginNest(IP);
        writer.attribute((address.isIpv4() ? IPV4 : IPV6) | BIG_ENDIAN, address.bytes());
        writer.endNest(ip);
        return data;
    }

    /** An answer to {@link #dump}: hands on each element with an end. */
    void read(MessageReader message, Consumer<TimedOpening> into) {
        elements(message, () -> readElement().ifPresent(into));
    }

    /** The same for a set of addresses: hands on each, and how many seconds it stays. */
    void readAddresses(MessageReader message, ObjIntConsumer<Address> into) {
        elements(message, () -> {
            Optional<Address> source = Optional.empty();
            int seconds = 0;
            while (element.next()) {
                switch (element.type()) {
                    case IP -> source = readAddress();
                    case TIMEOUT -> seconds = element.intBigEndian(0);
                    default -> {}
                }
            }
            if (source.isPresent() && seconds > 0) {
                into.accept(source.get(), seconds);
            }
        });
    }

    private void elements(MessageReader message, Runnable each) {
        if (message.type() != (SUBSYSTEM | LIST)) {
            return;
        }
        message.attributes(NFGENMSG, outer);
        while (outer.next()) {
            if (outer.type() == ELEMENTS) {
                outer.nested(list);
                while (list.next()) {
                    list.nested(element);
                    each.run();
                }
            }
        }
    }

    private Optional<TimedOpening> readElement() {
        Optional<Address> source = Optional.empty();
        int port = 0;
        int transport = 0;
        int seconds = 0;
        String label = "";
        while (element.next()) {
            switch (element.type()) {
                case IP -> source = readAddress();
                case PORT -> port = element.shortBigEndian();
                case TRANSPORT -> transport = element.octet(0);
                case TIMEOUT -> seconds = element.intBigEndian(0);
                case COMMENT -> label = element.text(0, MAX_COMMENT);
                default -> {}
            }
        }
        // By hand anybody with the capability can put in what no service has.
        if (port == 0 || seconds <= 0 || (transport != IPPROTO_TCP && transport != IPPROTO_UDP)) {
            return Optional.empty();
        }
        ServicePort of = new ServicePort(transport == IPPROTO_TCP ? Transport.TCP : Transport.UDP, port);
        Duration left = Duration.ofSeconds(seconds);
        String found = label;
        return source.map(each -> new TimedOpening(new Opening(each, of), left, found));
    }

    private Optional<Address> readAddress() {
        element.nested(part);
        if (!part.next()) {
            return Optional.empty();
        }
        return switch (part.type()) {
            case IPV4 -> Optional.of(Address.ofIpv4(part.intBigEndian(0)));
            case IPV6 -> Optional.of(new Address(part.longBigEndian(0), part.longBigEndian(Long.BYTES)));
            default -> Optional.empty();
        };
    }
}
