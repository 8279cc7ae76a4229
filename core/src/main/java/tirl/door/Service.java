package tirl.door;

import java.util.List;

/**
 * Something that is guarded: its ports are shut to everyone without a lease.
 *
 * @param ports at least one
 */
public record Service(String name, List<ServicePort> ports) {
    public Service {
        ports = List.copyOf(ports);
        if (ports.isEmpty()) {
            throw new IllegalArgumentException("service " + name + " has no port");
        }
    }
}
