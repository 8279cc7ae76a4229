package tirl.linux.firewall;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import tirl.door.ServicePort;
import tirl.grant.Opening;
import tirl.grant.TimedOpening;
import tirl.linux.netlink.AttributeReader;
import tirl.linux.netlink.MessageReader;
import tirl.linux.netlink.MessageWriter;
import tirl.linux.netlink.Netlink;
import tirl.packet.Address;
import tirl.packet.Transport;
import tirl.ruleset.GuardRuleset;

/** Elements of the sets {@code open4} and {@code open6} as nfnetlink messages (linux/netfilter/nf_tables.h). */
final class ElementCodec {
    static final int NEWSETELEM = 12;
    static final int GETSETELEM = 13;
    static final int DELSETELEM = 14;

    static final int SUBSYSTEM = 10 << 8;
    private static final int BATCH_BEGIN = 0x10;
    private static final int BATCH_END = 0x11;
    static final int NFPROTO_INET = 1;
    static final int NFGENMSG = 4;
    static final int LIST_TABLE = 1;
    static final int LIST_SET = 2;
    static final int LIST_ELEMENTS = 3;
    static final int LIST_ELEMENT = 1;
    static final int ELEMENT_KEY = 1;
    static final int ELEMENT_TIMEOUT = 4;
    static final int ELEMENT_EXPIRATION = 5;
    private static final int ELEMENT_USERDATA = 6;
    static final int DATA_VALUE = 1;
    /** In user data: type 0 is the comment that `nft list` shows; then its length, and the text with NUL. */
    private static final int COMMENT = 0;

    private static final int COMMENT_HEADER = 2;
    static final int IPPROTO_TCP = 6;
    static final int IPPROTO_UDP = 17;
    /** As in the rules that bind a source by its own packets. */
    private static final Duration BOUND_FOR = Duration.ofDays(7);

    /** Each field of a concatenated key is padded to four octets: address, protocol, port. */
    private final ByteBuffer key = ByteBuffer.allocate(16 + 4 + 4);

    private final ByteBuffer userdata = ByteBuffer.allocate(COMMENT_HEADER + TimedOpening.MAX_LABEL + 1);
    private final AttributeReader outer = new AttributeReader();
    private final AttributeReader list = new AttributeReader();
    private final AttributeReader element = new AttributeReader();
    private final AttributeReader data = new AttributeReader();

    void batchBegin(MessageWriter writer, int sequence) {
        batch(writer, BATCH_BEGIN, sequence);
    }

    void batchEnd(MessageWriter writer, int sequence) {
        batch(writer, BATCH_END, sequence);
    }

    private static void batch(MessageWriter writer, int type, int sequence) {
        writer.beginMessage(type, Netlink.NLM_F_REQUEST, sequence);
        writer.octets(0, 0, 0, SUBSYSTEM >> 8); // AF_UNSPEC, version 0, the subsystem in network order
        writer.endMessage();
    }

    void add(MessageWriter writer, int sequence, int flags, TimedOpening opening) {
        add(writer, sequence, flags, opening, leases(opening.opening()));
    }

    /** From now on this source passes with a live lease only: {@link GuardRuleset#BOUND_IPV4}. */
    void bind(MessageWriter writer, int sequence, int flags, Opening opening) {
        String set = opening.source().isIpv4() ? GuardRuleset.BOUND_IPV4 : GuardRuleset.BOUND_IPV6;
        add(writer, sequence, flags, new TimedOpening(opening, BOUND_FOR, ""), set);
    }

    private void add(MessageWriter writer, int sequence, int flags, TimedOpening opening, String set) {
        begin(writer, NEWSETELEM, Netlink.NLM_F_CREATE | flags, sequence);
        long[] nests = beginElement(writer, opening.opening(), set);
        // 0 would mean an opening without an end.
        writer.attributeBigEndian(ELEMENT_TIMEOUT, Math.max(1, opening.left().toMillis()));
        comment(opening.label());
        if (userdata.position() > 0) {
            writer.attribute(ELEMENT_USERDATA, userdata.array(), userdata.position());
        }
        end(writer, nests);
    }

    void delete(MessageWriter writer, int sequence, int flags, Opening opening) {
        begin(writer, DELSETELEM, flags, sequence);
        end(writer, beginElement(writer, opening, leases(opening)));
    }

    void dump(MessageWriter writer, int sequence, String set) {
        begin(writer, GETSETELEM, Netlink.NLM_F_DUMP, sequence);
        writer.attribute(LIST_TABLE, GuardRuleset.TABLE);
        writer.attribute(LIST_SET, set);
        writer.endMessage();
    }

    static void begin(MessageWriter writer, int type, int flags, int sequence) {
        writer.beginMessage(SUBSYSTEM | type, Netlink.NLM_F_REQUEST | flags, sequence);
        writer.octets(NFPROTO_INET, 0, 0, 0);
    }

    private static String leases(Opening opening) {
        return opening.source().isIpv4() ? GuardRuleset.LEASES_IPV4 : GuardRuleset.LEASES_IPV6;
    }

    /** Opens the nests of one element with its key; for {@link #end}. */
    long[] beginElement(MessageWriter writer, Opening opening, String set) {
        writer.attribute(LIST_TABLE, GuardRuleset.TABLE);
        writer.attribute(LIST_SET, set);
        long elements = writer.beginNest(LIST_ELEMENTS);
        long one = writer.beginNest(LIST_ELEMENT);
        long keyNest = writer.beginNest(ELEMENT_KEY);
        ServicePort port = opening.port();
        key.clear().put(opening.source().bytes());
        key.put((byte) (port.transport() == Transport.TCP ? IPPROTO_TCP : IPPROTO_UDP));
        key.put((byte) 0).putShort((short) 0);
        key.putShort((short) port.port()).putShort((short) 0);
        writer.attribute(DATA_VALUE, key.array(), key.position());
        writer.endNest(keyNest);
        return new long[] {one, elements};
    }

    static void end(MessageWriter writer, long[] nests) {
        for (long nest : nests) {
            writer.endNest(nest);
        }
        writer.endMessage();
    }

    /** Without a regular expression: this is between a knock and the kernel. */
    private static String printable(String label) {
        char[] text = label.toCharArray();
        for (int i = 0; i < text.length; i++) {
            if (text[i] < ' ' || text[i] == '"' || text[i] == 0x7f) {
                text[i] = '_';
            }
        }
        return new String(text);
    }

    private void comment(String label) {
        userdata.clear();
        if (label.isEmpty()) {
            return;
        }
        // nft prints comments between quotes as they are: nothing in one may end it or steer a terminal.
        byte[] text = printable(label).getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, TimedOpening.MAX_LABEL);
        while (length < text.length && length > 0 && (text[length] & 0xc0) == 0x80) {
            length--; // not in the middle of a character
        }
        userdata.put((byte) COMMENT)
                .put((byte) (length + 1))
                .put(text, 0, length)
                .put((byte) 0);
    }

    /** An answer to {@link #dump}: hands on each element with an end; one without is none that tirl made. */
    void read(MessageReader message, Consumer<TimedOpening> into) {
        if (message.type() != (SUBSYSTEM | NEWSETELEM)) {
            return;
        }
        message.attributes(NFGENMSG, outer);
        while (outer.next()) {
            if (outer.type() == LIST_ELEMENTS) {
                outer.nested(list);
                while (list.next()) {
                    list.nested(element);
                    readElement().ifPresent(into);
                }
            }
        }
    }

    private Optional<TimedOpening> readElement() {
        Optional<Opening> opening = Optional.empty();
        long leftMillis = 0;
        String label = "";
        while (element.next()) {
            switch (element.type()) {
                case ELEMENT_KEY -> opening = readKey(element, data);
                case ELEMENT_EXPIRATION -> leftMillis = element.longBigEndian(0);
                case ELEMENT_USERDATA -> label = readComment();
                default -> {}
            }
        }
        Duration left = Duration.ofMillis(Math.max(0, leftMillis));
        String found = label;
        return opening.filter(_ -> left.isPositive()).map(each -> new TimedOpening(each, left, found));
    }

    /** The key of an element that a lease has. */
    static Optional<Opening> readKey(AttributeReader element, AttributeReader data) {
        element.nested(data);
        if (!data.next() || data.type() != DATA_VALUE) {
            return Optional.empty();
        }
        Address source;
        int after;
        switch (data.length()) {
            case 12 -> {
                source = Address.ofIpv4(data.intBigEndian(0));
                after = 4;
            }
            case 24 -> {
                source = new Address(data.longBigEndian(0), data.longBigEndian(8));
                after = 16;
            }
            default -> {
                return Optional.empty();
            }
        }
        int port = data.intBigEndian(after + 4) >>> 16;
        Transport transport = switch (data.octet(after)) {
            case IPPROTO_TCP -> Transport.TCP;
            case IPPROTO_UDP -> Transport.UDP;
            default -> Transport.ICMP;
        };
        // By hand anybody with the capability can put in what no service has.
        return transport == Transport.ICMP || port == 0
                ? Optional.empty()
                : Optional.of(new Opening(source, new ServicePort(transport, port)));
    }

    private String readComment() {
        int at = 0;
        while (at + COMMENT_HEADER <= element.length()) {
            int length = element.octet(at + 1);
            if (element.octet(at) == COMMENT) {
                return element.text(at + COMMENT_HEADER, length);
            }
            at += COMMENT_HEADER + length;
        }
        return "";
    }
}
