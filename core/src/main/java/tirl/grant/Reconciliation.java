package tirl.grant;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tirl.door.ServicePort;
import tirl.grant.LeaseLedger.Kept;
import tirl.packet.Address;

/**
 * What a new daemon makes of the kernel's openings and of the leases that were written down. The kernel is the truth about
 * what is open and until when; the ledger knows which leases share an opening, their numbers, and which were being revoked.
 *
 * @param shut openings of leases whose revocation was begun
 * @param open what the kernel should hold anew
 */
public record Reconciliation(List<Opening> shut, List<TimedOpening> open) {
    public Reconciliation {
        shut = List.copyOf(shut);
        open = List.copyOf(open);
    }

    /**
     * Fills an empty book.
     *
     * @param again the kernel's table was gone: leases without an opening are opened again with the time they have left
     */
    public static Reconciliation fill(
            LeaseBook book, Collection<TimedOpening> kernel, Kept kept, boolean again, long nowNs) {
        Found found = Found.of(kernel);
        Set<Opening> doomed = new LinkedHashSet<>();
        kept.revoking().forEach(lease -> {
            book.skip(lease.id());
            doomed.addAll(own(lease, found));
        });
        // After a revocation that is not known to be done the same source may have opened the same door once more.
        kept.live().forEach(lease -> doomed.removeAll(own(lease, found)));

        Set<Opening> explained = new LinkedHashSet<>(doomed);
        for (Lease lease : kept.live()) {
            List<Opening> own = own(lease, found);
            explained.addAll(own);
            restored(lease, own, found, again, nowNs).ifPresent(book::put);
        }
        book.restore(
                kernel.stream()
                        .filter(timed -> !explained.contains(timed.opening()))
                        .toList(),
                nowNs);

        List<Opening> shut = new ArrayList<>();
        List<TimedOpening> open = new ArrayList<>();
        for (Opening opening : doomed) {
            List<TimedOpening> covered = book.openings(opening.source(), List.of(opening.port()), nowNs);
            open.addAll(covered);
            if (covered.isEmpty()) {
                shut.add(opening);
            }
        }
        if (again) {
            kept.live().forEach(lease -> open.addAll(book.openings(lease.source(), lease.ports(), nowNs)));
        }
        return new Reconciliation(shut, open);
    }

    /** The kernel's openings. Asked for each lease, so neither question may look at all of them. */
    private record Found(Map<Opening, TimedOpening> byOpening, Map<Address, List<TimedOpening>> bySource) {
        static Found of(Collection<TimedOpening> kernel) {
            Found found = new Found(new HashMap<>(), new HashMap<>());
            for (TimedOpening timed : kernel) {
                found.byOpening.put(timed.opening(), timed);
                found.bySource
                        .computeIfAbsent(timed.opening().source(), _ -> new ArrayList<>())
                        .add(timed);
            }
            return found;
        }
    }

    /** The openings that bear this lease's label, and lead where it leads. */
    private static List<Opening> own(Lease lease, Found found) {
        return found.bySource().getOrDefault(lease.source(), List.of()).stream()
                .filter(timed ->
                        timed.label().equals(lease.label()) && timed.nat().equals(lease.nat()))
                .map(TimedOpening::opening)
                .toList();
    }

    private static Optional<Lease> restored(Lease lease, List<Opening> own, Found found, boolean again, long nowNs) {
        Set<ServicePort> ports = new LinkedHashSet<>();
        long leftNs = lease.expiresNs() - nowNs;
        for (ServicePort port : lease.ports()) {
            TimedOpening timed = found.byOpening().get(new Opening(lease.source(), port));
            if (timed != null && !timed.nat().equals(lease.nat())) {
                continue; // this lease does not lead there
            }
            if (timed != null && own.isEmpty()) {
                // Another lease's opening outlasts this one's, if all is well: never late in any case.
                leftNs = Math.min(leftNs, timed.left().toNanos());
            }
            if (timed != null || again) {
                ports.add(port);
            }
        }
        if (!own.isEmpty()) {
            // They say when it ends: it may have been extended since it was written down.
            own.forEach(opening -> ports.add(opening.port()));
            leftNs = own.stream()
                    .mapToLong(opening -> left(found, opening))
                    .min()
                    .orElseThrow();
        }
        boolean isOpen = lease.ports().isEmpty() || !ports.isEmpty();
        return isOpen && leftNs > 0
                ? Optional.of(new Lease(
                        lease.id(), lease.source(), lease.label(), List.copyOf(ports), nowNs + leftNs, lease.nat()))
                : Optional.empty();
    }

    private static long left(Found found, Opening opening) {
        TimedOpening timed = found.byOpening().get(opening);
        return timed == null ? 0 : timed.left().toNanos();
    }
}
