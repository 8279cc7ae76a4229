package tirl.door;

import java.util.List;

/**
 * Something that is guarded: its ports are shut to everyone without a lease.
 *
 * @param ports at least one
 * @param cut whether live connections end with the lease
 * @param forwards machines behind this host that answer instead of it, at most one for each IP version; none for a
 *     service of this host. Only with a single port
 * @param masquerade whether those machines see this host's address instead of the client's
 */
public record Service(String name, List<ServicePort> ports, boolean cut, List<Forward> forwards, boolean masquerade) {
    public Service {
        ports = List.copyOf(ports);
        forwards = List.copyOf(forwards);
        if (ports.isEmpty() || (!forwards.isEmpty() && ports.size() > 1)) {
            throw new IllegalArgumentException("service " + name + " has " + ports.size() + " ports");
        }
    }

    /** A service of this host whose connections outlive the lease. */
    public Service(String name, List<ServicePort> ports) {
        this(name, ports, false, List.of(), false);
    }
}
