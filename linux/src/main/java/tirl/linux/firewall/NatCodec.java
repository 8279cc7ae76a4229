package tirl.linux.firewall;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import tirl.grant.Nat;
import tirl.grant.Opening;
import tirl.grant.TimedOpening;
import tirl.linux.netlink.AttributeReader;
import tirl.linux.netlink.MessageReader;
import tirl.linux.netlink.MessageWriter;
import tirl.linux.netlink.Netlink;
import tirl.packet.Address;
import tirl.ruleset.LeaseNat;

/** Elements of the maps and sets of {@link LeaseNat} as nfnetlink messages: where leases lead. */
final class NatCodec {
    /** Names, to which the version of IP is added. */
    static final List<String> SETS = List.of(LeaseNat.TARGETS, LeaseNat.PORTS, LeaseNat.SENDERS, LeaseNat.MASQUERADED);

    private static final int ELEMENT_DATA = 2;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ElementCodec codec = new ElementCodec();
    private final AttributeReader outer = new AttributeReader();
    private final AttributeReader list = new AttributeReader();
    private final AttributeReader element = new AttributeReader();
    private final AttributeReader data = new AttributeReader();

    /** The elements that make a lease lead there: by the set's name without the version, what it maps to. */
    static Map<String, ByteBuffer> elements(Nat nat) {
        Map<String, ByteBuffer> elements = new LinkedHashMap<>();
        ByteBuffer port = ByteBuffer.allocate(2).putShort(0, (short) nat.port());
        if (nat.host().isEmpty()) {
            elements.put(LeaseNat.PORTS, port);
        } else {
            byte[] address = nat.host().get().bytes();
            // Each field of a concatenation is padded to four octets.
            elements.put(
                    LeaseNat.TARGETS,
                    ByteBuffer.allocate(address.length + 4)
                            .put(address)
                            .put(port)
                            .putShort((short) 0)
                            .flip());
        }
        switch (nat.sender()) {
            case Nat.Sender.Client() -> {}
            case Nat.Sender.Masquerade() -> elements.put(LeaseNat.MASQUERADED, NOTHING);
            case Nat.Sender.As(var address) -> elements.put(LeaseNat.SENDERS, ByteBuffer.wrap(address.bytes()));
        }
        return elements;
    }

    /** Where these elements make a lease lead; empty when that is nowhere, or nothing that tirl made. */
    static Optional<Nat> nat(Map<String, ByteBuffer> elements) {
        ByteBuffer here = elements.get(LeaseNat.PORTS);
        ByteBuffer target = elements.get(LeaseNat.TARGETS);
        ByteBuffer sender = elements.get(LeaseNat.SENDERS);
        try {
            if (target == null) {
                return here == null ? Optional.empty() : Optional.of(Nat.local(here.getShort(0) & 0xffff));
            }
            Nat.Sender seen = new Nat.Sender.Client();
            if (sender != null) {
                seen = new Nat.Sender.As(address(sender));
            } else if (elements.containsKey(LeaseNat.MASQUERADED)) {
                seen = new Nat.Sender.Masquerade();
            }
            int port = target.getShort(target.limit() - 4) & 0xffff;
            return Optional.of(new Nat(Optional.of(address(target)), port, seen));
        } catch (IllegalArgumentException | IndexOutOfBoundsException byHand) {
            return Optional.empty();
        }
    }

    private static Address address(ByteBuffer octets) {
        return octets.limit() < 16
                ? Address.ofIpv4(octets.getInt(0))
                : new Address(octets.getLong(0), octets.getLong(Long.BYTES));
    }

    static String set(String name, Opening opening) {
        return name + (opening.source().isIpv4() ? LeaseNat.IPV4 : LeaseNat.IPV6);
    }

    void add(MessageWriter writer, int sequence, TimedOpening opening, String name, ByteBuffer value) {
        ElementCodec.begin(writer, ElementCodec.NEWSETELEM, Netlink.NLM_F_CREATE, sequence);
        long[] nests = codec.beginElement(writer, opening.opening(), set(name, opening.opening()));
        Duration left = opening.left();
        writer.attributeBigEndian(ElementCodec.ELEMENT_TIMEOUT, left.toMillis());
        if (value.hasRemaining()) {
            byte[] octets = new byte[value.remaining()];
            value.get(value.position(), octets);
            long nest = writer.beginNest(ELEMENT_DATA);
            writer.attribute(ElementCodec.DATA_VALUE, octets);
            writer.endNest(nest);
        }
        ElementCodec.end(writer, nests);
    }

    void delete(MessageWriter writer, int sequence, Opening opening, String name) {
        one(writer, ElementCodec.DELSETELEM, 0, sequence, opening, name);
    }

    /** Asks whether it is there. */
    void get(MessageWriter writer, int sequence, Opening opening, String name) {
        one(writer, ElementCodec.GETSETELEM, Netlink.NLM_F_ACK, sequence, opening, name);
    }

    private void one(MessageWriter writer, int type, int flags, int sequence, Opening opening, String name) {
        ElementCodec.begin(writer, type, flags, sequence);
        ElementCodec.end(writer, codec.beginElement(writer, opening, set(name, opening)));
    }

    /** Hands on what an answer to a dump says: the lease, and what the map has for it. */
    void read(MessageReader message, BiConsumer<Opening, ByteBuffer> into) {
        if (message.type() != (ElementCodec.SUBSYSTEM | ElementCodec.NEWSETELEM)) {
            return;
        }
        message.attributes(ElementCodec.NFGENMSG, outer);
        while (outer.next()) {
            if (outer.type() == ElementCodec.LIST_ELEMENTS) {
                outer.nested(list);
                while (list.next()) {
                    list.nested(element);
                    readElement(into);
                }
            }
        }
    }

    private void readElement(BiConsumer<Opening, ByteBuffer> into) {
        Optional<Opening> opening = Optional.empty();
        ByteBuffer value = NOTHING;
        while (element.next()) {
            switch (element.type()) {
                case ElementCodec.ELEMENT_KEY -> opening = ElementCodec.readKey(element, data);
                case ELEMENT_DATA -> {
                    element.nested(data);
                    value = data.next() ? ByteBuffer.wrap(data.octets()) : NOTHING;
                }
                default -> {}
            }
        }
        ByteBuffer found = value;
        opening.ifPresent(each -> into.accept(each, found));
    }
}
