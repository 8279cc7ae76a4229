package tirl.ruleset;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tirl.config.Config;
import tirl.door.Door;
import tirl.door.FlagCondition;
import tirl.door.Step;
import tirl.packet.Transport;

/**
 * What the kernel lets through to the daemon, in the syntax of pcap-filter(7), for a link without VLAN tags. It is
 * coarser than the recognisers: a packet too many costs a look-up, one too few costs a knock.
 *
 * @param expression never empty
 */
public record CaptureFilter(String expression) {
    /** pcap-filter cannot say "after the extension headers", so packets that have some pass: RFC 8200 section 4. */
    private static final String IPV6_WITH_EXTENSIONS =
            "(ip6 and (ip6[6] = 0 or ip6[6] = 43 or ip6[6] = 44 or ip6[6] = 51 or ip6[6] = 60))";
    /** Fragments are of no use, but they are counted. */
    private static final String FRAGMENTS = "(ip and ip[6:2] & 0x3fff != 0)";

    private static final String NOTHING = "less 0";

    /** The filter for these doors, for SPA and for fwknop's clients. Its size depends on the number of different flag conditions, not of doors. */
    public static CaptureFilter of(Config config) {
        List<Door> doors = config.doors();
        Set<FlagCondition> conditions = new LinkedHashSet<>();
        conditions.add(FlagCondition.CONNECT);
        doors.stream()
                .filter(door -> uses(List.of(door), Transport.TCP))
                .map(Door::flags)
                .forEach(conditions::add);
        CaptureFilter ofDoors = of(
                uses(doors, Transport.TCP) ? ports(config, Transport.TCP, Step.Tcp.class) : "",
                conditions,
                uses(doors, Transport.UDP) ? ports(config, Transport.UDP, Step.Udp.class) : "",
                uses(doors, Transport.ICMP));
        CaptureFilter withSpa =
                config.spa().map(SpaFilter::expression).map(ofDoors::or).orElse(ofDoors);
        return config.fwknop()
                .map(fwknop -> withSpa.or("(" + fwknop.filter() + ")"))
                .orElse(withSpa);
    }

    /** What this one lets through, and what the other expression does. */
    private CaptureFilter or(String other) {
        return new CaptureFilter(
                expression.equals(NOTHING)
                        ? String.join(" or ", other, IPV6_WITH_EXTENSIONS, FRAGMENTS)
                        : other + " or " + expression);
    }

    /**
     * A filter from its parts.
     *
     * @param tcpPorts an expression about ports; empty for no TCP at all
     * @param conditions TCP packets that fit one of these pass
     * @param udpPorts as for TCP
     */
    public static CaptureFilter of(
            String tcpPorts, Collection<FlagCondition> conditions, String udpPorts, boolean echoes) {
        Set<String> parts = new LinkedHashSet<>();
        if (!tcpPorts.isEmpty()) {
            String flags = conditions.stream().map(CaptureFilter::flags).collect(Collectors.joining(" or "));
            boolean any = conditions.contains(FlagCondition.ANY);
            parts.add(any ? "(tcp and " + tcpPorts + ")" : "(tcp and " + tcpPorts + " and (" + flags + "))");
        }
        if (!udpPorts.isEmpty()) {
            parts.add("(udp and " + udpPorts + ")");
        }
        if (echoes) {
            parts.add("(icmp and (icmp[0] = 8 or icmp[0] = 0))");
            parts.add("(icmp6 and (ip6[40] = 128 or ip6[40] = 129))");
        }
        if (parts.isEmpty()) {
            return new CaptureFilter(NOTHING);
        }
        parts.add(IPV6_WITH_EXTENSIONS);
        parts.add(FRAGMENTS);
        return new CaptureFilter(String.join(" or ", parts));
    }

    private static boolean uses(List<Door> doors, Transport transport) {
        return doors.stream().flatMap(door -> door.sequence().stream()).anyMatch(step -> switch (step) {
            case Step.Tcp _ -> transport == Transport.TCP;
            case Step.Udp _ -> transport == Transport.UDP;
            case Step.Echo _ -> transport == Transport.ICMP;
        });
    }

    /** The guarded range without public ports, and every port that a door lists. */
    private static String ports(Config config, Transport transport, Class<? extends Step> kind) {
        List<String> shut = new ArrayList<>();
        Config.PortRange range = config.guardedRange();
        shut.add("dst portrange " + range.first() + "-" + range.last());
        config.publicPorts().stream()
                .filter(port -> port.transport() == transport)
                .sorted()
                .forEach(port -> shut.add("not dst port " + port.port()));
        List<String> listed = config.doors().stream()
                .flatMap(door -> door.sequence().stream())
                .filter(kind::isInstance)
                .map(CaptureFilter::port)
                .filter(port -> port < range.first() || port > range.last() || isPublic(config, transport, port))
                .distinct()
                .sorted()
                .map(port -> "dst port " + port)
                .toList();
        String guarded = "(" + String.join(" and ", shut) + ")";
        return listed.isEmpty() ? guarded : "(" + guarded + " or " + String.join(" or ", listed) + ")";
    }

    private static boolean isPublic(Config config, Transport transport, int port) {
        return config.publicPorts().stream().anyMatch(p -> p.transport() == transport && p.port() == port);
    }

    private static int port(Step step) {
        return switch (step) {
            case Step.Tcp tcp -> tcp.port();
            case Step.Udp udp -> udp.port();
            case Step.Echo _ -> throw new IllegalArgumentException("an echo has no port");
        };
    }

    /** pcap-filter's {@code tcp[13]} reads IPv4 only; in IPv6 the flags are at octet 53 when no extension header is there. */
    private static String flags(FlagCondition condition) {
        int mask = condition.set() | condition.clear();
        String test = " & " + mask + " = " + condition.set();
        return "(ip and tcp[13]" + test + ") or (ip6 and ip6[53]" + test + ")";
    }
}
