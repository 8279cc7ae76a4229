package tirl.grant;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import tirl.door.ServicePort;
import tirl.packet.Address;

/**
 * The live leases. Several may cover one opening; it stays open as long as the longest of them. Only the decision thread
 * touches it.
 */
public final class LeaseBook {
    private record Due(long id, long expiresNs) {}

    private final Map<Long, Lease> byId = new TreeMap<>();
    private final Map<Address, List<Lease>> bySource = new HashMap<>();
    /** Those of devices only: a door may have all the leases of the host, and nobody asks for them. */
    private final Map<String, Map<Long, Lease>> byHolder = new HashMap<>();

    /** One for each lease. What was revoked or extended leaves none behind, or who extends often would fill the memory. */
    private final TreeSet<Due> due =
            new TreeSet<>(Comparator.comparingLong(Due::expiresNs).thenComparingLong(Due::id));

    private long lastId;

    /** An empty book. */
    public LeaseBook() {}

    public int size() {
        return byId.size();
    }

    public Collection<Lease> all() {
        return List.copyOf(byId.values());
    }

    public Optional<Lease> find(long id) {
        return Optional.ofNullable(byId.get(id));
    }

    public List<Lease> of(Address source) {
        return List.copyOf(bySource.getOrDefault(source, List.of()));
    }

    /** Those with a label {@code holder/...}, by their numbers. Takes no longer when others have many. */
    public List<Lease> heldBy(String holder) {
        return List.copyOf(byHolder.getOrDefault(holder, Map.of()).values());
    }

    public Optional<Lease> find(Address source, String label) {
        return bySource.getOrDefault(source, List.of()).stream()
                .filter(lease -> lease.label().equals(label))
                .findFirst();
    }

    /**
     * What the lease for this request would be: the live one of the same source and label with more time, never less,
     * or a new one. Nothing changes until {@link #put}.
     */
    public Lease draft(GrantRequest request, long nowNs) {
        long expiresNs = nowNs + request.duration().toNanos();
        Optional<Lease> live = find(request.source(), request.label());
        if (live.isPresent()) {
            Lease old = live.get();
            return new Lease(
                    old.id(),
                    old.source(),
                    old.label(),
                    request.ports(),
                    Math.max(old.expiresNs(), expiresNs),
                    request.nat());
        }
        return new Lease(lastId + 1, request.source(), request.label(), request.ports(), expiresNs, request.nat());
    }

    /** Enters a lease, or a new state of one. */
    public void put(Lease lease) {
        remove(lease.id());
        lastId = Math.max(lastId, lease.id());
        byId.put(lease.id(), lease);
        bySource.computeIfAbsent(lease.source(), _ -> new ArrayList<>()).add(lease);
        holder(lease)
                .ifPresent(holder ->
                        byHolder.computeIfAbsent(holder, _ -> new TreeMap<>()).put(lease.id(), lease));
        due.add(new Due(lease.id(), lease.expiresNs()));
    }

    /** No new lease gets this number. */
    public void skip(long id) {
        lastId = Math.max(lastId, id);
    }

    public Optional<Lease> remove(long id) {
        Lease lease = byId.remove(id);
        if (lease == null) {
            return Optional.empty();
        }
        due.remove(new Due(id, lease.expiresNs()));
        List<Lease> ofSource = bySource.getOrDefault(lease.source(), new ArrayList<>());
        ofSource.remove(lease);
        if (ofSource.isEmpty()) {
            bySource.remove(lease.source());
        }
        holder(lease)
                .ifPresent(holder -> byHolder.computeIfPresent(holder, (_, held) -> {
                    held.remove(id);
                    return held.isEmpty() ? null : held;
                }));
        return Optional.of(lease);
    }

    private static Optional<String> holder(Lease lease) {
        int slash = lease.label().indexOf('/');
        return slash < 0 ? Optional.empty() : Optional.of(lease.label().substring(0, slash));
    }

    /** Takes out and returns the leases that have ended. */
    public List<Lease> expire(long nowNs) {
        List<Lease> ended = new ArrayList<>();
        while (!due.isEmpty() && due.first().expiresNs() - nowNs <= 0) {
            remove(due.first().id()).ifPresent(ended::add);
        }
        return ended;
    }

    /** When the next lease ends; empty when there is none. */
    public Optional<Long> nextExpiryNs() {
        return due.isEmpty() ? Optional.empty() : Optional.of(due.first().expiresNs());
    }

    /**
     * What the kernel should hold for these ports of a source: each opening with the time and label of the longest lease
     * that covers it; ports that none covers are left out.
     */
    public List<TimedOpening> openings(Address source, Collection<ServicePort> ports, long nowNs) {
        List<TimedOpening> openings = new ArrayList<>();
        for (ServicePort port : ports) {
            bySource.getOrDefault(source, List.of()).stream()
                    .filter(lease -> lease.ports().contains(port))
                    .max(Comparator.comparingLong(lease -> lease.expiresNs() - nowNs))
                    .map(lease -> new TimedOpening(
                            new Opening(source, port), wholeMillis(lease.left(nowNs)), lease.label(), lease.nat()))
                    .filter(opening -> opening.left().isPositive())
                    .ifPresent(openings::add);
        }
        return openings;
    }

    /** What openings of one lease have in common. */
    private record Alike(Address source, String label, Optional<Nat> nat) {}

    /** Makes leases of openings of which nothing else is known. */
    public void restore(Collection<TimedOpening> openings, long nowNs) {
        Map<Alike, List<TimedOpening>> leases = new LinkedHashMap<>();
        for (TimedOpening timed : openings) {
            leases.computeIfAbsent(
                            new Alike(timed.opening().source(), timed.label(), timed.nat()), _ -> new ArrayList<>())
                    .add(timed);
        }
        leases.forEach((alike, parts) -> {
            // Openings of one lease end together but for the time that reading them took: early is the safe side.
            Duration left = parts.stream()
                    .map(TimedOpening::left)
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
            List<ServicePort> ports =
                    parts.stream().map(part -> part.opening().port()).sorted().toList();
            put(new Lease(lastId + 1, alike.source(), alike.label(), ports, nowNs + left.toNanos(), alike.nat()));
        });
    }

    /** Rounded down: a lease may end early, never late. */
    private static Duration wholeMillis(Duration duration) {
        return Duration.ofMillis(duration.toMillis());
    }
}
