package tirl.device;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tirl.door.Service;
import tirl.grant.Lease;
import tirl.packet.Address;

/** How many leases a device has, and would have. An IPv4 and an IPv6 address of one service count once. */
final class Room {
    private final String device;
    private final List<Lease> live;
    private final long nowNs;

    Room(String device, Collection<Lease> leases, long nowNs) {
        this.device = device;
        this.nowNs = nowNs;
        live = leases.stream()
                .filter(lease -> DeviceLabel.isOf(device, lease.label()) && lease.expiresNs() - nowNs > 0)
                .toList();
    }

    /** Whether these make it more; leases that are live already, or get their other IP version, do not. */
    boolean isNeeded(List<Service> services, List<Address> grantees) {
        return after(services, grantees) > after(List.of(), List.of());
    }

    /** How many there are when these are granted. */
    int after(List<Service> services, List<Address> grantees) {
        Map<String, Set<Address>> sources = new HashMap<>();
        live.forEach(lease ->
                sources.computeIfAbsent(lease.label(), _ -> new HashSet<>()).add(lease.source()));
        services.forEach(
                service -> sources.computeIfAbsent(DeviceLabel.of(device, service.name()), _ -> new HashSet<>())
                        .addAll(grantees));
        return sources.values().stream().mapToInt(Room::pairs).sum();
    }

    /** The time left of the service's longest lease; zero without one. */
    Duration left(String label) {
        return live.stream()
                .filter(lease -> lease.label().equals(label))
                .map(lease -> lease.left(nowNs))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private static int pairs(Set<Address> sources) {
        int ipv4 = (int) sources.stream().filter(Address::isIpv4).count();
        return Math.max(ipv4, sources.size() - ipv4);
    }
}
