package tirl.device;

import static org.assertj.core.api.Assertions.assertThat;
import static tirl.device.Requests.address;
import static tirl.device.Requests.open;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tirl.config.NotationException;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.grant.GrantRequest;
import tirl.grant.Lease;
import tirl.packet.Address;
import tirl.packet.Transport;
import tirl.spa.AddressMode;
import tirl.spa.Body;
import tirl.spa.Decision;

/** A device, its rules, what it has, and the time: tests of the policy happen in it. */
class PolicyScene {
    static final long SECOND = 1_000_000_000L;
    static final long NOW_NS = 50 * SECOND;
    /** A Monday, noon. */
    static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    static final Address SOURCE = address("192.0.2.7");
    static final Address SOURCE6 = address("2001:db8::7");
    static final CodeSecret SECRET = new CodeSecret("12345678901234567890".getBytes(StandardCharsets.US_ASCII));

    final List<Service> services = new ArrayList<>(List.of(
            service("ssh", 22), service("web", 443), service("mail", 993), service("db", 5432), service("x", 1)));
    final List<Lease> leases = new ArrayList<>();
    AccessRules rules = AccessRules.of(List.of("ssh", "web", "mail", "db"));
    DeviceUse use = DeviceUse.NONE;
    Instant now = NOW;

    static Service service(String name, int port) {
        return new Service(name, List.of(new ServicePort(Transport.TCP, port)));
    }

    DevicePolicy.Situation situation() {
        return new DevicePolicy.Situation(new Catalogue(services), leases, NOW_NS, now, ZoneOffset.UTC);
    }

    DeviceVerdict decide(Body.Open open, Address source) {
        return DevicePolicy.decide(Requests.device(rules), use, open, source, situation());
    }

    DeviceVerdict decide(Body.Open open) {
        return decide(open, SOURCE);
    }

    DeviceVerdict.Granted granted(Body.Open open, Address source) {
        DeviceVerdict verdict = decide(open, source);
        assertThat(verdict).isInstanceOf(DeviceVerdict.Granted.class);
        return (DeviceVerdict.Granted) verdict;
    }

    static DeviceVerdict denied(Decision why) {
        return new DeviceVerdict.Denied(why);
    }

    /** As the receiver does with what was granted. */
    void carryOut(DeviceVerdict.Granted granted) {
        use = granted.after();
        for (GrantRequest request : granted.requests()) {
            leases.removeIf(lease ->
                    lease.source().equals(request.source()) && lease.label().equals(request.label()));
            lease(request.label(), request.source(), request.duration().toSeconds());
        }
    }

    void lease(String label, Address source, long seconds) {
        leases.add(new Lease(leases.size() + 1, source, label, List.of(), NOW_NS + seconds * SECOND));
    }

    @SuppressWarnings("TooManyParameters")
    static AccessRules rules(
            AccessRules of,
            List<String> from,
            List<String> hours,
            int leases,
            Set<AddressMode> modes,
            Optional<CodeSecret> code,
            Optional<Instant> until,
            OptionalInt uses)
            throws NotationException {
        List<Network> networks = new ArrayList<>();
        for (String one : from) {
            networks.add(Network.parse(one));
        }
        List<Hours> times = new ArrayList<>();
        for (String one : hours) {
            times.add(Hours.parse(one));
        }
        return new AccessRules(of.services(), networks, times, of.longest(), leases, modes, code, true, until, uses);
    }

    void from(String... networks) throws NotationException {
        rules = rules(
                rules,
                List.of(networks),
                List.of(),
                8,
                rules.modes(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty());
    }

    void limits(int most, Optional<CodeSecret> code, OptionalInt uses) throws NotationException {
        rules = rules(rules, List.of(), List.of(), most, rules.modes(), code, Optional.empty(), uses);
    }
}
