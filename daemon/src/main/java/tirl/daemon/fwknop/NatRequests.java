package tirl.daemon.fwknop;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tirl.config.Config.FwknopNat;
import tirl.door.Forward;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.fwknop.gate.Action;
import tirl.grant.Nat;
import tirl.packet.Address;

/**
 * What becomes of requests that lead elsewhere than to the port they name.
 *
 * @param services of the configuration: some forward by themselves
 * @param possible with this firewall
 */
public record NatRequests(List<Service> services, FwknopNat possible) {
    static final String FORWARD_ALL =
            "asks for what FORWARD_ALL gives: everything of a client, to every host behind this one. tirl opens ports;"
                    + " write FORCE_NAT, or let clients name what they want";

    private static final String NEEDS_NFTABLES = ", which needs nftables, and this host has firewall = \"iptables\"";

    public NatRequests {
        services = List.copyOf(services);
    }

    /** What to ask the pipeline for, or why nothing. */
    sealed interface Answer {
        /** @param nat empty when the ruleset forwards the port anyway */
        record Wanted(Address client, ServicePort outside, Optional<Nat> nat, Duration time) implements Answer {}

        record Refused(String why) implements Answer {}
    }

    Answer local(Action.LocalNat request) {
        if (possible == FwknopNat.NONE) {
            return refused(request.outside(), request.inside() + " of this host", NEEDS_NFTABLES);
        }
        return new Answer.Wanted(
                request.source(),
                request.outside(),
                Optional.of(Nat.local(request.inside().port())),
                Duration.ofSeconds(request.seconds()));
    }

    Answer forwarding(Action.Forwarding request) {
        String where = request.target().host() + " port " + request.target().port();
        if (request.target().address().isEmpty()) {
            return refused(request.outside(), where, ": names are not looked up, the client has to send an address");
        }
        Address target = request.target().address().get();
        Duration time = Duration.ofSeconds(request.seconds());
        boolean unchanged = request.sourceNat().equals(new Action.SourceNat.Unchanged());
        if (unchanged
                && isForwarded(
                        request.outside(), new Forward(target, request.target().port()))) {
            return new Answer.Wanted(request.source(), request.outside(), Optional.empty(), time);
        }
        if (!request.translate()) {
            return refused(
                    request.outside(),
                    where,
                    " without translation (DISABLE_DNAT), and tirl guards only what is sent to this host");
        }
        if (possible == FwknopNat.NONE) {
            return refused(request.outside(), where, NEEDS_NFTABLES);
        }
        Nat.Sender sender = sender(request.sourceNat());
        boolean versions = sender instanceof Nat.Sender.As(var as) && as.isIpv4() != target.isIpv4();
        if (versions || target.isIpv4() != request.source().isIpv4()) {
            return refused(request.outside(), where, ", and nothing translates between IPv4 and IPv6");
        }
        Nat nat = new Nat(Optional.of(target), request.target().port(), sender);
        return new Answer.Wanted(request.source(), request.outside(), Optional.of(nat), time);
    }

    private boolean isForwarded(ServicePort outside, Forward target) {
        return services.stream()
                .anyMatch(service ->
                        service.ports().contains(outside) && service.forwards().contains(target));
    }

    private static Nat.Sender sender(Action.SourceNat source) {
        return switch (source) {
            case Action.SourceNat.Unchanged() -> new Nat.Sender.Client();
            case Action.SourceNat.Masquerade() -> new Nat.Sender.Masquerade();
            case Action.SourceNat.To(var address) -> new Nat.Sender.As(address);
        };
    }

    private static Answer refused(ServicePort outside, String where, String why) {
        return new Answer.Refused("asks for NAT from " + outside + " to " + where + why);
    }
}
