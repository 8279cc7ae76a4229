package tirl.grant;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tirl.door.ServicePort;
import tirl.packet.Address;

/**
 * Ports that are open to one source for a while.
 *
 * @param id stays the same over a restart of the daemon
 * @param label the door, or who granted it
 * @param expiresNs when it ends, on the monotonic clock
 * @param nat where the ports lead; empty for to themselves
 */
public record Lease(long id, Address source, String label, List<ServicePort> ports, long expiresNs, Optional<Nat> nat) {
    public Lease {
        ports = List.copyOf(ports);
    }

    /** Of ports of this host. */
    public Lease(long id, Address source, String label, List<ServicePort> ports, long expiresNs) {
        this(id, source, label, ports, expiresNs, Optional.empty());
    }

    public Duration left(long nowNs) {
        return Duration.ofNanos(Math.max(0, expiresNs - nowNs));
    }
}
