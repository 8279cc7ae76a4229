package tirl.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
    private final Queue<UnderWay> underWay = new ArrayDeque<>();
    private Set<ServicePort> ports = Set.of();

    private record UnderWay(Map<Lease, List<Opening>> over, CompletableFuture<Map<Opening, Integer>> counts) {}

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
            var _ = cut(over);
        } catch (FirewallException e) {
            over.forEach((lease, shut) -> fail(lease, shut, e.reason()));
        }
    }

    /** The number of connections, when it is known. */
    CompletableFuture<Integer> revoked(Lease lease, List<Opening> shut, boolean all) throws FirewallException {
        List<Opening> over = shut.stream()
                .filter(opening -> all || ports.contains(opening.port()))
                .toList();
        try {
            return cut(over.isEmpty() ? Map.of() : Map.of(lease, over));
        } catch (FirewallException e) {
            throw new FirewallException("the lease is over, but its connections may go on: " + e.reason(), e);
        }
    }

    private CompletableFuture<Integer> cut(Map<Lease, List<Opening>> over) throws FirewallException {
        if (over.isEmpty()) {
            return CompletableFuture.completedFuture(0);
        }
        CompletableFuture<Map<Opening, Integer>> counts = firewall.cut(
                over.values().stream().flatMap(List::stream).distinct().toList());
        underWay.add(new UnderWay(over, counts));
        return counts.thenApply(
                each -> each.values().stream().mapToInt(Integer::intValue).sum());
    }

    /** Tells of those that are done by now. */
    void collect() {
        for (UnderWay next = underWay.peek(); next != null && next.counts().isDone(); next = underWay.peek()) {
            underWay.remove();
            try {
                tell(next.over(), new HashMap<>(next.counts().join()));
            } catch (CompletionException e) {
                String why = String.valueOf(
                        e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
                next.over().forEach((lease, shut) -> fail(lease, shut, why));
            }
        }
    }

    private void tell(Map<Lease, List<Opening>> over, Map<Opening, Integer> left) {
        over.forEach((lease, shut) -> {
            int connections = 0;
            for (Opening opening : shut) {
                Integer live = left.remove(opening); // two leases over one port that end together: told once
                connections += live == null ? 0 : live;
            }
            if (connections > 0) {
                events.accept(new Event.Cut(lease.id(), lease.source(), lease.label(), portsOf(shut), connections));
            }
        });
    }

    private void fail(Lease lease, List<Opening> shut, String why) {
        events.accept(new Event.NotCut(lease.id(), lease.source(), lease.label(), portsOf(shut), why));
    }

    private static List<ServicePort> portsOf(List<Opening> openings) {
        return openings.stream().map(Opening::port).toList();
    }
}
