package tirl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tirl.door.ServicePort;
import tirl.grant.Lease;
import tirl.grant.Opening;

/** What was promised to whom, and in what the last moment before the death leaves room. */
final class CrashOracle {
    /** Kernel and book count in milliseconds and round down. */
    private static final long ROUNDING_NS = 2_000_000L;

    private record Key(String source, String label) {
        static Key of(Lease lease) {
            return new Key(lease.source().toString(), lease.label());
        }
    }

    /**
     * A lease as it was promised.
     *
     * @param latestNs its end, if what was being done at the death came to be
     * @param certain false while it is being revoked
     */
    private record Promise(Lease lease, long latestNs, boolean certain) {}

    private final Map<Key, Promise> promises = new HashMap<>();
    private final Map<Key, Long> beginning = new HashMap<>();

    void granting(String source, String label, long latestNs) {
        beginning.put(new Key(source, label), latestNs);
    }

    void granted(Lease lease) {
        beginning.clear();
        promises.put(Key.of(lease), new Promise(lease, lease.expiresNs(), true));
    }

    void revoking(Lease lease) {
        promises.put(Key.of(lease), new Promise(lease, lease.expiresNs(), false));
    }

    void revoked(Lease lease) {
        promises.remove(Key.of(lease));
    }

    /** Nothing is open for longer than somebody was promised, or might have been. */
    void checkNothingTooLong(KernelModel kernel) {
        for (Opening opening : kernel.open()) {
            long promised = promises.values().stream()
                    .filter(promise -> covers(promise.lease(), opening))
                    .mapToLong(Promise::latestNs)
                    .max()
                    .orElse(0);
            long begun = beginning.entrySet().stream()
                    .filter(entry ->
                            entry.getKey().source().equals(opening.source().toString())
                                    && CrashSite.request(entry.getKey().label(), opening.source())
                                            .ports()
                                            .contains(opening.port()))
                    .mapToLong(Map.Entry::getValue)
                    .max()
                    .orElse(0);
            assertThat(kernel.endNs(opening).orElseThrow())
                    .as("%s is open beyond its lease", opening)
                    .isLessThanOrEqualTo(Math.max(promised, begun) + ROUNDING_NS);
        }
    }

    private static boolean covers(Lease lease, Opening opening) {
        return lease.source().equals(opening.source()) && lease.ports().contains(opening.port());
    }

    /**
     * Who was promised access has it for as long.
     *
     * @param written leases whose rows were on disk
     * @param tableGone only those can come back then
     */
    void checkNothingLost(KernelModel kernel, List<Lease> live, List<Lease> written, boolean tableGone, long nowNs) {
        for (Promise promise : promises.values()) {
            Lease lease = promise.lease();
            Optional<Lease> row = written.stream()
                    .filter(one -> one.id() == lease.id() && one.label().equals(lease.label()))
                    .findFirst();
            // The kernel knows nothing of a lease without ports.
            boolean onlyWritten = tableGone || lease.ports().isEmpty();
            if (!promise.certain() || (onlyWritten && row.isEmpty())) {
                continue;
            }
            long end = onlyWritten ? row.orElseThrow().expiresNs() : lease.expiresNs();
            if (end - nowNs <= ROUNDING_NS) {
                continue;
            }
            for (ServicePort port : lease.ports()) {
                assertThat(kernel.endNs(new Opening(lease.source(), port)).orElse(0L))
                        .as(
                                "%s of live %s; table gone %s, now %s, written %s, live %s",
                                port, lease, tableGone, nowNs, written, live)
                        .isGreaterThanOrEqualTo(end - ROUNDING_NS);
            }
            if (row.isPresent()) {
                assertThat(live)
                        .as("leases with numbers: %s; now %s, written %s", lease, nowNs, written)
                        .anyMatch(one -> one.id() == lease.id() && one.label().equals(lease.label()));
            }
        }
    }

    /** A lease that was taken back before the death is not there. */
    void checkNothingRisen(List<Lease> live) {
        assertThat(live)
                .allSatisfy(
                        lease -> assertThat(promises.containsKey(Key.of(lease)) || beginning.containsKey(Key.of(lease)))
                                .as("%s was taken back", lease)
                                .isTrue());
    }

    boolean isCertainlyLive(String source, String label, long nowNs) {
        Promise promise = promises.get(new Key(source, label));
        return promise != null && promise.certain() && promise.lease().expiresNs() - nowNs > ROUNDING_NS;
    }
}
