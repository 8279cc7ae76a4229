package tirl.fwknop.access;

import java.util.List;
import java.util.Optional;
import tirl.door.ServicePort;

/**
 * OPEN_PORTS and RESTRICT_PORTS.
 *
 * @param open empty for every port
 * @param restricted never opened
 */
public record PortRules(Optional<List<ServicePort>> open, List<ServicePort> restricted) {
    public PortRules {
        open = open.map(List::copyOf);
        restricted = List.copyOf(restricted);
    }

    public boolean allows(ServicePort port) {
        return !restricted.contains(port)
                && open.map(list -> list.contains(port)).orElse(true);
    }
}
