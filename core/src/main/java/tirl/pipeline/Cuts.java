package tirl.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tirl.config.Config;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.event.Event;
import tirl.event.EventSink;
import tirl.grant.Firewall;
import tirl.grant.FirewallException;
import tirl.grant.Lease;
import tirl.grant.LeaseBook;
import tirl.grant.Opening;

/** Ends the live connections of leases that have ended, where the service or whoever revokes wants that. */
final class Cuts {
    private final Firewall firewall;
    private final EventSink events;
    private Set<ServicePort> ports = Set.of();

    Cuts(Firewall firewall, EventSink events) {
        this.firewall = firewall;
        this.events = events;
    }

    /** A port that several services have is cut when one of them wants it. */
    void use(Config config) {
        ports = config.services().stream()
                .filter(Service::cut)
                .flatMap(service -> service.ports().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** All that end together are looked for together: one walk through the kernel's connections, however many end. */
    void expired(List<Lease> ended, LeaseBook book, long now) {
        if (ports.isEmpty() || ended.isEmpty()) {
            return;
        }
        Map<Lease, List<Opening>> over = new LinkedHashMap<>();
        for (Lease lease : ended) {
            List<Opening> shut = new ArrayList<>();
            for (ServicePort port : lease.ports()) {
                if (ports.contains(port)
                        && book.openings(lease.source(), List.of(port), now).isEmpty()) {
                    shut.add(new Opening(lease.source(), port));
                }
            }
            if (!shut.isEmpty()) {
                over.put(lease, shut);
            }
        }
        try {
            cut(over);
        } catch (FirewallException e) {
            over.forEach((lease, shut) -> events.accept(
                    new Event.NotCut(lease.id(), lease.source(), lease.label(), portsOf(shut), e.reason())));
        }
    }

    int revoked(Lease lease, List<Opening> shut, boolean all) throws FirewallException {
        List<Opening> over = shut.stream()
                .filter(opening -> all || ports.contains(opening.port()))
                .toList();
        try {
            return over.isEmpty() ? 0 : cut(Map.of(lease, over));
        } catch (FirewallException e) {
            throw new FirewallException("the lease is over, but its connections may go on: " + e.reason(), e);
        }
    }

    private int cut(Map<Lease, List<Opening>> over) throws FirewallException {
        Map<Opening, Integer> left = new LinkedHashMap<>(firewall.cut(
                over.values().stream().flatMap(List::stream).distinct().toList()));
        int all = 0;
        for (Map.Entry<Lease, List<Opening>> entry : over.entrySet()) {
            int connections = 0;
            for (Opening opening : entry.getValue()) {
                Integer live = left.remove(opening); // two leases over one port that end together: told once
                connections += live == null ? 0 : live;
            }
            Lease lease = entry.getKey();
            if (connections > 0) {
                events.accept(new Event.Cut(
                        lease.id(), lease.source(), lease.label(), portsOf(entry.getValue()), connections));
            }
            all += connections;
        }
        return all;
    }

    private static List<ServicePort> portsOf(List<Opening> openings) {
        return openings.stream().map(Opening::port).toList();
    }
}
