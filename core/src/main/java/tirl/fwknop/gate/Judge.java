package tirl.fwknop.gate;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tirl.door.ServicePort;
import tirl.fwknop.NatTarget;
import tirl.fwknop.RequestedPort;
import tirl.fwknop.SpaMessage;
import tirl.fwknop.SpaRequest;
import tirl.fwknop.access.CommandRules;
import tirl.fwknop.access.CommandTemplate;
import tirl.fwknop.access.FwknopdConf;
import tirl.fwknop.access.FwknopdVariable;
import tirl.fwknop.access.NatRules;
import tirl.fwknop.access.Stanza;
import tirl.packet.Address;
import tirl.packet.Transport;

/** What a stanza gives to somebody who has its keys. The order is fwknopd's, but that every port is looked at. */
final class Judge {
    private static final int TCP_NUMBER = 6;
    private static final int UDP_NUMBER = 17;

    private final FwknopdConf conf;

    Judge(FwknopdConf conf) {
        this.conf = conf;
    }

    /**
     * Rules on a message.
     *
     * @param source of the packet, or what a proxy of this host says it was
     */
    Ruling rule(Stanza stanza, SpaMessage message, Address source, Address destination, long nowSeconds) {
        Optional<DenyReason> untimely = untimely(stanza, message, nowSeconds);
        if (untimely.isPresent()) {
            return refused(untimely.get());
        }
        Address named = message.request().allow();
        if (named.isUnspecified() && stanza.requireSource()) {
            return refused(DenyReason.NO_ADDRESS);
        }
        Address client = named.isUnspecified() ? source : named;
        if (client.isMulticast() || client.isUnspecified()) {
            return refused(DenyReason.ADDRESS);
        }
        if (stanza.user().isPresent() && !stanza.user().get().equals(message.user())) {
            return refused(DenyReason.USER);
        }
        return switch (message.request()) {
            case SpaRequest.Command command -> command(stanza, command);
            case SpaRequest.Access access -> access(stanza, access, new Way(client, source, destination), nowSeconds);
        };
    }

    /** Whom it is for, and which way the packet came. */
    private record Way(Address client, Address source, Address destination) {}

    private Optional<DenyReason> untimely(Stanza stanza, SpaMessage message, long nowSeconds) {
        Optional<Instant> expires = stanza.times().expires();
        if (expires.isPresent() && nowSeconds >= expires.get().getEpochSecond()) {
            return Optional.of(DenyReason.EXPIRED);
        }
        OptionalInt most = conf.mostAgeSeconds();
        if (most.isEmpty()) {
            return Optional.empty();
        }
        if (nowSeconds - message.timeSeconds() > most.getAsInt()) {
            return Optional.of(DenyReason.STALE);
        }
        return message.timeSeconds() - nowSeconds > most.getAsInt() ? Optional.of(DenyReason.FUTURE) : Optional.empty();
    }

    private Ruling command(Stanza stanza, SpaRequest.Command command) {
        if (!stanza.commands().enabled()) {
            return refused(DenyReason.COMMANDS);
        }
        List<String> words = Arrays.asList(command.text().strip().split("\\s+", -1));
        if (words.size() > CommandTemplate.MOST_WORDS || words.getFirst().isEmpty()) {
            return refused(DenyReason.COMMAND);
        }
        return new Ruling.Allowed(
                new Action.Run(words, stanza.commands(), conf.number(FwknopdVariable.CMD_EXEC_TIMEOUT)));
    }

    private Ruling access(Stanza stanza, SpaRequest.Access access, Way way, long nowSeconds) {
        Optional<NatTarget> wanted = access.target();
        if (wanted.isPresent() && wanted.get().local() && !conf.localNat()) {
            return refused(DenyReason.LOCAL_NAT);
        }
        if (wanted.isPresent() && !wanted.get().local() && !conf.forwarding()) {
            return refused(DenyReason.FORWARDING);
        }
        List<ServicePort> ports = access.ports().stream().map(Judge::port).toList();
        if (!ports.stream().allMatch(stanza.ports()::allows)) {
            return refused(DenyReason.PORT);
        }
        ServicePort first = ports.getFirst();
        int seconds = stanza.times().granted(access.timeoutSeconds());
        Optional<CommandRules.Cycle> cycle = stanza.commands().cycle();
        if (cycle.isPresent()) {
            return cycle(stanza.commands(), cycle.get(), access, way, first, seconds, nowSeconds);
        }
        NatRules nat = stanza.nat();
        if (nat.force().isPresent() || (nat.forwardAll() && conf.forwarding())) {
            return new Ruling.Allowed(forced(nat, way.client(), first, seconds));
        }
        if (wanted.isEmpty()) {
            return new Ruling.Allowed(new Action.Open(way.client(), ports, seconds));
        }
        // fwknopd looks at the port outside alone, and so opens any port of any machine to whoever may have one.
        ServicePort inside = new ServicePort(first.transport(), wanted.get().port());
        if (!stanza.ports().allows(inside)) {
            return refused(DenyReason.TARGET_PORT);
        }
        if (wanted.get().local()) {
            return new Ruling.Allowed(new Action.LocalNat(way.client(), first, inside, seconds));
        }
        return forward(nat, way.client(), first, wanted.get(), seconds);
    }

    /** The administrator's own targets are not measured against the lists for clients. */
    private Action forced(NatRules nat, Address client, ServicePort outside, int seconds) {
        Optional<Action.Target> target = nat.force()
                .map(force -> new Action.Target(force.target().toString(), Optional.of(force.target()), force.port()));
        if (target.isEmpty() || (nat.forwardAll() && conf.forwarding())) {
            return new Action.ForwardAll(
                    client, outside, nat.disableDnat() ? Optional.empty() : target, sourceNat(nat), seconds);
        }
        return new Action.Forwarding(client, outside, target.get(), !nat.disableDnat(), sourceNat(nat), seconds);
    }

    private Ruling forward(NatRules nat, Address client, ServicePort outside, NatTarget wanted, int seconds) {
        Optional<Address> address = Address.parse(wanted.host());
        if (address.isEmpty() && !conf.is(FwknopdVariable.ENABLE_NAT_DNS)) {
            return refused(DenyReason.TARGET_NAME);
        }
        if (address.isPresent() && !Action.Target.isInner(address.get())) {
            return refused(DenyReason.TARGET);
        }
        Action.Target target = new Action.Target(wanted.host(), address, wanted.port());
        return new Ruling.Allowed(
                new Action.Forwarding(client, outside, target, !nat.disableDnat(), sourceNat(nat), seconds));
    }

    private Action.SourceNat sourceNat(NatRules nat) {
        if (nat.snat().isPresent()) {
            return new Action.SourceNat.To(nat.snat().get());
        }
        if (nat.masquerade()) {
            return new Action.SourceNat.Masquerade();
        }
        if (!conf.snat()) {
            return new Action.SourceNat.Unchanged();
        }
        return conf.snatAddress()
                .<Action.SourceNat>map(Action.SourceNat.To::new)
                .orElseGet(Action.SourceNat.Masquerade::new);
    }

    private static Ruling cycle(
            CommandRules rules,
            CommandRules.Cycle cycle,
            SpaRequest.Access access,
            Way way,
            ServicePort port,
            int granted,
            long nowSeconds) {
        boolean asked = access.timeoutSeconds().orElse(0) > 0;
        int seconds = asked ? granted : cycle.seconds().orElse(granted);
        Map<String, String> values = new HashMap<>();
        values.put("IP", way.client().toString());
        values.put("SRC", way.client().toString());
        values.put("PKT_SRC", way.source().toString());
        values.put("DST", way.destination().toString());
        values.put("PORT", Integer.toString(port.port()));
        values.put("PROTO", Integer.toString(port.transport() == Transport.TCP ? TCP_NUMBER : UDP_NUMBER));
        values.put("TIMEOUT", Long.toString(nowSeconds + seconds));
        values.put("CLIENT_TIMEOUT", Integer.toString(access.timeoutSeconds().orElse(0)));
        return new Ruling.Allowed(new Action.Cycle(
                way.client(),
                cycle.open().filled(values),
                cycle.close().map(template -> template.filled(values)),
                rules,
                seconds));
    }

    private static ServicePort port(RequestedPort port) {
        return new ServicePort(port.transport(), port.port());
    }

    private static Ruling refused(DenyReason why) {
        return new Ruling.Refused(why);
    }
}
