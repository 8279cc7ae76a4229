package tirl.grant;

import java.time.Duration;
import java.util.List;
import tirl.door.ServicePort;
import tirl.packet.Address;

/**
 * Somebody asks for ports to be opened.
 *
 * @param source the address to open for
 * @param label the door that was knocked at, or who asks
 */
public record GrantRequest(Address source, String label, List<ServicePort> ports, Duration duration) {
    public GrantRequest {
        ports = List.copyOf(ports);
    }
}
