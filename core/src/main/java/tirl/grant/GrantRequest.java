package tirl.grant;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tirl.door.ServicePort;
import tirl.packet.Address;

/**
 * Somebody asks for ports to be opened.
 *
 * @param source the address to open for
 * @param label the door that was knocked at, or who asks
 * @param nat where the ports are to lead; empty for to themselves
 */
public record GrantRequest(
        Address source, String label, List<ServicePort> ports, Duration duration, Optional<Nat> nat) {
    public GrantRequest {
        ports = List.copyOf(ports);
    }

    /** Of ports of this host. */
    public GrantRequest(Address source, String label, List<ServicePort> ports, Duration duration) {
        this(source, label, ports, duration, Optional.empty());
    }
}
