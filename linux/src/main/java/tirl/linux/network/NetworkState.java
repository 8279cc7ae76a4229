package tirl.linux.network;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tirl.linux.libc.Libc;
import tirl.linux.netlink.AttributeReader;
import tirl.linux.netlink.MessageReader;
import tirl.packet.Address;

/** What rtnetlink messages add up to. Knows no socket. */
final class NetworkState {
    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_NEWADDR = 20;
    static final int RTM_DELADDR = 21;

    private static final int IFINFOMSG = 16;
    private static final int IFADDRMSG = 8;
    private static final int IFF_UP = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MASTER = 10;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_SLAVE_KIND = 4;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    /** IFNAMSIZ with its NUL. */
    private static final int MAX_NAME = 16;

    private record Assigned(int index, Address address) {}

    private final Map<Integer, Link> links = new HashMap<>();
    private final Set<Integer> enslaved = new HashSet<>();
    private final Set<Assigned> assigned = new HashSet<>();
    private final AttributeReader attribute = new AttributeReader();
    private final AttributeReader inner = new AttributeReader();

    void clear() {
        links.clear();
        enslaved.clear();
        assigned.clear();
    }

    /** Takes in one message; false when it told nothing new. */
    boolean apply(MessageReader message) {
        return switch (message.type()) {
            case RTM_NEWLINK, RTM_DELLINK -> link(message);
            case RTM_NEWADDR, RTM_DELADDR -> address(message);
            default -> false;
        };
    }

    Map<String, Link> linksByName() {
        // Between a rename and its message two may bear one name; the newer index is right.
        return links.values().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Link::name, link -> link, (a, b) -> a.index() > b.index() ? a : b));
    }

    LongPairSet enslaved() {
        return LongPairSet.of(
                enslaved.stream().map(index -> new Address(0, index)).toList());
    }

    LongPairSet addresses() {
        Collection<Address> distinct = assigned.stream().map(Assigned::address).collect(Collectors.toSet());
        return LongPairSet.of(distinct);
    }

    List<Address> ipv4() {
        return assigned.stream()
                .map(Assigned::address)
                .filter(Address::isIpv4)
                .distinct()
                .toList();
    }

    private boolean link(MessageReader message) {
        // A bridge announces its ports in the same group under AF_BRIDGE: there DELLINK means "left the bridge".
        if (message.payloadLength() < IFINFOMSG || message.payloadOctet(0) != 0) {
            return false;
        }
        int index = message.payloadInt(4);
        if (message.type() == RTM_DELLINK) {
            assigned.removeIf(each -> each.index() == index);
            enslaved.remove(index);
            return links.remove(index) != null;
        }
        boolean up = (message.payloadInt(8) & IFF_UP) != 0;
        String name = "";
        boolean hasMaster = false;
        boolean inVrf = false;
        message.attributes(IFINFOMSG, attribute);
        while (attribute.next()) {
            switch (attribute.type()) {
                case IFLA_IFNAME -> name = attribute.text(0, MAX_NAME);
                case IFLA_MASTER -> hasMaster = attribute.intHostOrder() != 0;
                case IFLA_LINKINFO -> inVrf = slaveKindIsVrf();
                default -> {}
            }
        }
        if (name.isEmpty()) {
            return false;
        }
        Link link = new Link(index, name, up);
        boolean changed = !link.equals(links.put(index, link));
        // A VRF is a master too, but its member is where "any" shows the frame: the VRF device never receives it
        // (vrf_ip_rcv hands it only to captures on that device, as an outgoing one).
        boolean feedsMaster = hasMaster && !inVrf;
        boolean masterChanged = feedsMaster ? enslaved.add(index) : enslaved.remove(index);
        return changed || masterChanged;
    }

    private boolean slaveKindIsVrf() {
        attribute.nested(inner);
        while (inner.next()) {
            if (inner.type() == IFLA_INFO_SLAVE_KIND) {
                return inner.text(0, MAX_NAME).equals("vrf");
            }
        }
        return false;
    }

    private boolean address(MessageReader message) {
        int family = message.payloadOctet(0);
        if (message.payloadLength() < IFADDRMSG || (family != Libc.AF_INET && family != Libc.AF_INET6)) {
            return false;
        }
        int index = message.payloadInt(4);
        Address local = null;
        Address plain = null;
        message.attributes(IFADDRMSG, attribute);
        while (attribute.next()) {
            if (attribute.type() == IFA_LOCAL) {
                local = value(family);
            } else if (attribute.type() == IFA_ADDRESS) {
                plain = value(family);
            }
        }
        // On a point-to-point link IFA_ADDRESS is the peer's address and IFA_LOCAL ours.
        Address ours = local != null ? local : plain;
        if (ours == null) {
            return false;
        }
        Assigned entry = new Assigned(index, ours);
        return message.type() == RTM_NEWADDR ? assigned.add(entry) : assigned.remove(entry);
    }

    private @Nullable Address value(int family) {
        if (family == Libc.AF_INET) {
            return attribute.length() == 4 ? Address.ofIpv4(attribute.intBigEndian(0)) : null;
        }
        return attribute.length() == 16 ? new Address(attribute.longBigEndian(0), attribute.longBigEndian(8)) : null;
    }
}
