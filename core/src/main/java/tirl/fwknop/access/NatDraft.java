package tirl.fwknop.access;

import java.util.Optional;
import tirl.door.Forward;
import tirl.fwknop.access.StanzaDraft.Place;
import tirl.packet.Address;

/** What a stanza says about forwarding while it is being read. */
final class NatDraft {
    private Optional<Forward> force = Optional.empty();
    private Optional<Address> snat = Optional.empty();
    private boolean masquerade;
    private boolean disableDnat;
    private boolean forwardAll;

    /** Takes one line; false when it is about something else. */
    boolean setting(Place place, String name, String value) {
        switch (name) {
            case "FORCE_NAT" -> force = forward(place, value);
            case "FORCE_SNAT" -> snat = address(place, value);
            case "FORCE_MASQUERADE" -> masquerade = place.flag(value);
            case "DISABLE_DNAT" -> disableDnat = place.flag(value);
            case "FORWARD_ALL" -> forwardAll = place.flag(value);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static Optional<Forward> forward(Place place, String value) {
        String[] words = value.split("\\s+", -1);
        Optional<Address> target = words.length >= 2 ? Address.parse(words[0]) : Optional.empty();
        long port = words.length >= 2 ? Values.number(words[1]) : 0;
        if (target.isEmpty() || port < 1 || port > 65_535) {
            place.error("\"" + value + "\" is no target; write an address and a port, such as 10.0.0.5 443");
            return Optional.empty();
        }
        if (words.length > 2 || !Values.isPlainNumber(words[1])) {
            place.warn("\"" + value + "\" is read as " + target.get() + " " + port);
        }
        return Optional.of(new Forward(target.get(), (int) port));
    }

    private static Optional<Address> address(Place place, String value) {
        Optional<Address> address = Address.parse(value);
        if (address.isEmpty()) {
            place.error("\"" + value + "\" is no address; write one of this host's, such as 192.0.2.1");
        }
        return address;
    }

    Optional<NatRules> finish(Place place, FwknopdConf conf) {
        boolean rewrites = snat.isPresent() || masquerade;
        if ((force.isPresent() || snat.isPresent()) && !conf.forwarding() && !conf.localNat()) {
            place.error("FORCE_NAT and FORCE_SNAT need ENABLE_IPT_FORWARDING Y in fwknopd.conf");
            return Optional.empty();
        }
        if (rewrites && force.isEmpty() && !forwardAll) {
            place.error("FORCE_SNAT and FORCE_MASQUERADE need FORCE_NAT or FORWARD_ALL in the same stanza");
            return Optional.empty();
        }
        if (snat.isPresent() && masquerade) {
            place.warn("FORCE_SNAT counts, not FORCE_MASQUERADE; delete one of them");
        }
        if (forwardAll && !conf.forwarding()) {
            place.warn("FORWARD_ALL does nothing without ENABLE_IPT_FORWARDING Y in fwknopd.conf");
        } else if (forwardAll) {
            place.warn("FORWARD_ALL lets the client reach every host and port behind this one");
        }
        return Optional.of(new NatRules(force, snat, masquerade && snat.isEmpty(), disableDnat, forwardAll));
    }
}
