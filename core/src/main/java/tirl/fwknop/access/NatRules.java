package tirl.fwknop.access;

import java.util.Optional;
import tirl.door.Forward;
import tirl.packet.Address;

/**
 * What a stanza does with requests in place of opening ports of this host.
 *
 * @param force where every request leads, whatever it asks for
 * @param snat the source address that forwarded connections get
 * @param masquerade that of the interface they leave by
 * @param disableDnat whether only the forwarding is allowed and no destination is rewritten
 * @param forwardAll whether everything from the client may pass through this host
 */
public record NatRules(
        Optional<Forward> force, Optional<Address> snat, boolean masquerade, boolean disableDnat, boolean forwardAll) {}
