package tirl.fwknop;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tirl.packet.Address;

/** What is asked for (section 2.1). The unspecified address stands for the source of the packet. */
public sealed interface SpaRequest {
    /** Whom it is for. */
    Address allow();

    /**
     * Ports for an address.
     *
     * @param ports at least one; of a request with a target the ports outside
     * @param target where a NAT request leads
     * @param timeoutSeconds how long, when the client says so
     */
    record Access(Address allow, List<RequestedPort> ports, Optional<NatTarget> target, OptionalInt timeoutSeconds)
            implements SpaRequest {
        public Access {
            ports = List.copyOf(ports);
        }
    }

    /** A command to run; data, not a line for a shell. */
    record Command(Address allow, String text) implements SpaRequest {}
}
