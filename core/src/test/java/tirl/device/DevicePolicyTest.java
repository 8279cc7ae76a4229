package tirl.device;

import static org.assertj.core.api.Assertions.assertThat;
import static tirl.device.Requests.address;
import static tirl.device.Requests.claim;
import static tirl.device.Requests.open;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.config.NotationException;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.grant.GrantRequest;
import tirl.grant.Lease;
import tirl.packet.Address;
import tirl.packet.Transport;
import tirl.spa.AddressClaim;
import tirl.spa.AddressMode;
import tirl.spa.Body;
import tirl.spa.Decision;

class DevicePolicyTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW_NS = 50 * SECOND;
    /** A Monday, noon. */
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private static final Address SOURCE = address("192.0.2.7");
    private static final Address SOURCE6 = address("2001:db8::7");
    private static final CodeSecret SECRET = new CodeSecret("12345678901234567890".getBytes(StandardCharsets.US_ASCII));

    private final List<Service> services = new ArrayList<>(List.of(
            service("ssh", 22), service("web", 443), service("mail", 993), service("db", 5432), service("x", 1)));
    private final List<Lease> leases = new ArrayList<>();
    private AccessRules rules = AccessRules.of(List.of("ssh", "web", "mail", "db"));
    private DeviceUse use = DeviceUse.NONE;
    private Instant now = NOW;

    private static Service service(String name, int port) {
        return new Service(name, List.of(new ServicePort(Transport.TCP, port)));
    }

    private DevicePolicy.Situation situation() {
        return new DevicePolicy.Situation(services, leases, NOW_NS, now, ZoneOffset.UTC);
    }

    private DeviceVerdict decide(Body.Open open, Address source) {
        return DevicePolicy.decide(Requests.device(rules), use, open, source, situation());
    }

    private DeviceVerdict decide(Body.Open open) {
        return decide(open, SOURCE);
    }

    private DeviceVerdict.Granted granted(Body.Open open, Address source) {
        DeviceVerdict verdict = decide(open, source);
        assertThat(verdict).isInstanceOf(DeviceVerdict.Granted.class);
        return (DeviceVerdict.Granted) verdict;
    }

    private static DeviceVerdict denied(Decision why) {
        return new DeviceVerdict.Denied(why);
    }

    /** As the receiver does with what was granted. */
    private void carryOut(DeviceVerdict.Granted granted) {
        use = granted.after();
        for (GrantRequest request : granted.requests()) {
            leases.removeIf(lease ->
                    lease.source().equals(request.source()) && lease.label().equals(request.label()));
            lease(request.label(), request.source(), request.duration().toSeconds());
        }
    }

    private void lease(String label, Address source, long seconds) {
        leases.add(new Lease(leases.size() + 1, source, label, List.of(), NOW_NS + seconds * SECOND));
    }

    @SuppressWarnings("TooManyParameters")
    private static AccessRules rules(
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

    private void from(String... networks) throws NotationException {
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

    private void limits(int most, Optional<CodeSecret> code, OptionalInt uses) throws NotationException {
        rules = rules(rules, List.of(), List.of(), most, rules.modes(), code, Optional.empty(), uses);
    }

    @Test
    void decide_noServiceNamed_givesTheFirstThreeWithTheirLabels() {
        DeviceVerdict.Granted granted = granted(open(AddressClaim.OBSERVED), SOURCE);
        assertThat(granted.requests())
                .extracting(GrantRequest::label)
                .containsExactly("anna/ssh", "anna/web", "anna/mail");
        assertThat(granted.requests())
                .allMatch(request ->
                        request.source().equals(SOURCE) && request.duration().equals(AccessRules.DEFAULT_LONGEST));
        assertThat(granted.requests().getFirst().ports()).containsExactly(new ServicePort(Transport.TCP, 22));
        assertThat(granted.after()).isEqualTo(new DeviceUse(0, 1, 0));
    }

    @Test
    void decide_usualServiceGoneFromTheConfiguration_givesTheOthers() {
        services.removeFirst();
        assertThat(granted(open(AddressClaim.OBSERVED), SOURCE).requests())
                .extracting(GrantRequest::label)
                .containsExactly("anna/web", "anna/mail");
        services.clear();
        assertThat(decide(open(AddressClaim.OBSERVED))).isEqualTo(denied(Decision.UNKNOWN_SERVICE));
    }

    @ParameterizedTest
    @CsvSource({
        "db, ",
        "ssh db, ",
        "x, SERVICE_NOT_ALLOWED",
        "ssh x, SERVICE_NOT_ALLOWED",
        "nope, UNKNOWN_SERVICE",
        "x nope, UNKNOWN_SERVICE",
        "ssh nope, UNKNOWN_SERVICE"
    })
    void decide_named_allOrNothing(String names, Decision why) {
        DeviceVerdict verdict = decide(open(AddressClaim.OBSERVED, names.split(" ", -1)));
        if (why == null) {
            assertThat(verdict).isInstanceOf(DeviceVerdict.Granted.class);
        } else {
            assertThat(verdict).isEqualTo(denied(why));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 7200",
        "1, 1",
        "60, 60",
        "7200, 7200",
        "7201, 7200",
        // 4294967295 seconds, unsigned
        "-1, 7200"
    })
    void decide_duration_isWhatIsAskedUpToTheLongest(int seconds, long given) {
        DeviceVerdict verdict = decide(open(seconds, 0, OptionalInt.empty(), AddressClaim.OBSERVED, "ssh"));
        assertThat(((DeviceVerdict.Granted) verdict).requests())
                .extracting(GrantRequest::duration)
                .containsExactly(Duration.ofSeconds(given));
    }

    @ParameterizedTest
    @CsvSource({"PT10M, 600", "PT2H, 7200", "PT3H, 7200", "PT0.001S, 1", "PT0S, ", "PT-1S, "})
    void decide_until_isTheEndOfItsLeasesToo(Duration ahead, Long seconds) throws NotationException {
        rules = rules(
                rules,
                List.of(),
                List.of(),
                8,
                rules.modes(),
                Optional.empty(),
                Optional.of(NOW.plus(ahead)),
                OptionalInt.empty());
        DeviceVerdict verdict = decide(open(AddressClaim.OBSERVED, "ssh"));
        if (seconds == null) {
            assertThat(verdict).isEqualTo(denied(Decision.HOUR_NOT_ALLOWED));
        } else {
            assertThat(((DeviceVerdict.Granted) verdict).requests().getFirst().duration())
                    .isEqualTo(Duration.ofSeconds(seconds));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OBSERVED, -, -, 192.0.2.7, 192.0.2.7",
        "OBSERVED, -, -, fe80::1, fe80::1",
        "CLAIMED, 198.51.100.1, -, 192.0.2.7, 198.51.100.1",
        "CLAIMED, 198.51.100.1, 2001:db8::1, 192.0.2.7, 198.51.100.1 2001:db8::1",
        "EQUAL, 192.0.2.7, 2001:db8::1, 192.0.2.7, 192.0.2.7 2001:db8::1",
        "EQUAL, 192.0.2.8, -, 192.0.2.7, WRONG_ADDRESS",
        "DUAL, -, 2001:db8::1, 192.0.2.7, 192.0.2.7 2001:db8::1",
        "DUAL, 192.0.2.9, -, 192.0.2.7, WRONG_ADDRESS",
        "OBSERVED, -, -, 224.0.0.1, 224.0.0.1"
    })
    void decide_addressMode_saysForWhom(AddressMode mode, String ipv4, String ipv6, String source, String expected) {
        DeviceVerdict verdict = decide(open(claim(mode, ipv4, ipv6), "ssh"), address(source));
        if (expected.equals("WRONG_ADDRESS")) {
            assertThat(verdict).isEqualTo(denied(Decision.WRONG_ADDRESS));
        } else {
            assertThat(((DeviceVerdict.Granted) verdict).requests())
                    .extracting(request -> request.source().toString())
                    .containsExactly(expected.split(" ", -1));
        }
    }

    @Test
    void decide_modeThatIsNotAllowed_isDenied() throws NotationException {
        rules = rules(
                rules,
                List.of(),
                List.of(),
                8,
                EnumSet.of(AddressMode.EQUAL),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty());
        assertThat(decide(open(AddressClaim.OBSERVED))).isEqualTo(denied(Decision.MODE_NOT_ALLOWED));
        assertThat(decide(open(claim(AddressMode.EQUAL, "192.0.2.7", "-")))).isInstanceOf(DeviceVerdict.Granted.class);
    }

    /** Of a claim the sealed addresses count and not the source; in every other mode the source is among the grantees. */
    @ParameterizedTest
    @CsvSource({
        "OBSERVED, -, -, 10.1.1.1, true",
        "OBSERVED, -, -, 192.0.2.7, false",
        "CLAIMED, 10.1.1.1, -, 192.0.2.7, true",
        "CLAIMED, 192.0.2.7, -, 10.1.1.1, false",
        "CLAIMED, 10.1.1.1, 2001:db8::1, 10.1.1.1, false",
        "EQUAL, 10.1.1.1, fd00::1, 10.1.1.1, true",
        "EQUAL, 10.1.1.1, 2001:db8::1, 10.1.1.1, false",
        "DUAL, -, fd00::1, 192.0.2.7, false",
        "DUAL, -, 2001:db8::1, 10.1.1.1, false",
        "DUAL, -, fd00::1, 10.1.1.1, true"
    })
    void decide_from_isForEveryGrantee(AddressMode mode, String ipv4, String ipv6, String source, boolean is)
            throws NotationException {
        from("10.0.0.0/8", "fd00::/8");
        DeviceVerdict verdict = decide(open(claim(mode, ipv4, ipv6), "ssh"), address(source));
        assertThat(verdict instanceof DeviceVerdict.Granted).isEqualTo(is);
        assertThat(is || verdict.equals(denied(Decision.NETWORK_NOT_ALLOWED))).isTrue();
    }

    @Test
    void decide_hours_anyOfThem() throws NotationException {
        rules = rules(
                rules,
                List.of(),
                List.of("mon 08:00-12:00", "mon-fri 12:00-13:00"),
                8,
                rules.modes(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty());
        assertThat(decide(open(AddressClaim.OBSERVED))).isInstanceOf(DeviceVerdict.Granted.class);
        now = NOW.plus(Duration.ofHours(1));
        assertThat(decide(open(AddressClaim.OBSERVED))).isEqualTo(denied(Decision.HOUR_NOT_ALLOWED));
    }

    @Test
    void decide_leases_bothIpVersionsOfAServiceCountOnce() throws NotationException {
        limits(2, Optional.empty(), OptionalInt.empty());
        carryOut(granted(open(AddressClaim.OBSERVED, "ssh", "web"), SOURCE));
        carryOut(granted(open(AddressClaim.OBSERVED, "ssh"), SOURCE6));
        carryOut(granted(open(AddressClaim.OBSERVED, "ssh", "web"), SOURCE));
        assertThat(use.grants()).isEqualTo(1);
        assertThat(decide(open(AddressClaim.OBSERVED, "ssh"), address("192.0.2.8")))
                .isEqualTo(denied(Decision.TOO_MANY_LEASES));
        assertThat(decide(open(AddressClaim.OBSERVED, "ssh", "mail"))).isEqualTo(denied(Decision.TOO_MANY_LEASES));
        leases.removeIf(lease -> lease.label().equals("anna/web"));
        assertThat(decide(open(AddressClaim.OBSERVED, "mail"))).isInstanceOf(DeviceVerdict.Granted.class);
    }

    @Test
    void decide_leasesOfOthersAndEndedOnes_takeNoRoom() throws NotationException {
        limits(1, Optional.empty(), OptionalInt.empty());
        lease("anna2/ssh", SOURCE, 60);
        lease("anna", SOURCE, 60);
        lease("bob/ssh", SOURCE, 60);
        lease("anna/web", SOURCE, 0);
        assertThat(decide(open(AddressClaim.OBSERVED, "ssh"))).isInstanceOf(DeviceVerdict.Granted.class);
        lease("anna/web", SOURCE, 1);
        assertThat(decide(open(AddressClaim.OBSERVED, "ssh"))).isEqualTo(denied(Decision.TOO_MANY_LEASES));
    }

    /** More than the rules allow now, because they were changed: what is live can be renewed. */
    @Test
    void decide_moreLeasesThanAllowed_renewsThem() throws NotationException {
        limits(1, Optional.empty(), OptionalInt.empty());
        lease("anna/ssh", SOURCE, 60);
        lease("anna/web", SOURCE, 60);
        assertThat(decide(open(AddressClaim.OBSERVED, "ssh"))).isInstanceOf(DeviceVerdict.Granted.class);
    }

    @Test
    void decide_guest_isGivenOneGrantThatCannotBeDrawnOut() throws NotationException {
        limits(8, Optional.empty(), OptionalInt.of(1));
        carryOut(granted(open(60, 5, OptionalInt.empty(), AddressClaim.OBSERVED, "ssh"), SOURCE));
        // The packet of the other IP version, later: it ends with the first.
        leases.replaceAll(
                lease -> new Lease(lease.id(), lease.source(), lease.label(), List.of(), NOW_NS + 20 * SECOND));
        DeviceVerdict.Granted other = granted(open(60, 5, OptionalInt.empty(), AddressClaim.OBSERVED, "ssh"), SOURCE6);
        assertThat(other.requests()).extracting(GrantRequest::duration).containsExactly(Duration.ofSeconds(20));
        carryOut(other);
        assertThat(granted(open(60, 6, OptionalInt.empty(), AddressClaim.OBSERVED, "ssh"), SOURCE)
                        .requests())
                .extracting(GrantRequest::duration)
                .containsExactly(Duration.ofSeconds(20));
        assertThat(use.grants()).isEqualTo(1);
        assertThat(decide(open(AddressClaim.OBSERVED, "web"))).isEqualTo(denied(Decision.TOO_MANY_LEASES));
        leases.clear();
        assertThat(decide(open(AddressClaim.OBSERVED, "ssh"))).isEqualTo(denied(Decision.TOO_MANY_LEASES));
    }

    private Body.Open withCode(int grant, int code) {
        return open(0, grant, code < 0 ? OptionalInt.empty() : OptionalInt.of(code), AddressClaim.OBSERVED, "ssh");
    }

    @Test
    void decide_code_isGoodOnceButForPacketsOfOneGrant() throws NotationException {
        limits(8, Optional.of(SECRET), OptionalInt.empty());
        long step = NOW.getEpochSecond() / 30;
        int code = SECRET.code(step);
        assertThat(decide(withCode(7, -1))).isEqualTo(denied(Decision.WRONG_CODE));
        assertThat(decide(withCode(7, code ^ 1))).isEqualTo(denied(Decision.WRONG_CODE));
        assertThat(decide(withCode(7, SECRET.code(step - 2)))).isEqualTo(denied(Decision.WRONG_CODE));
        DeviceVerdict.Granted first = granted(withCode(7, code), SOURCE);
        assertThat(first.after()).isEqualTo(new DeviceUse(step, 1, 7));
        carryOut(first);
        assertThat(decide(withCode(7, code), SOURCE6)).isInstanceOf(DeviceVerdict.Granted.class);
        assertThat(decide(withCode(8, code))).isEqualTo(denied(Decision.WRONG_CODE));
        assertThat(decide(withCode(0, code))).isEqualTo(denied(Decision.WRONG_CODE));
        // An earlier step's code that was not used is over too.
        assertThat(decide(withCode(8, SECRET.code(step - 1)))).isEqualTo(denied(Decision.WRONG_CODE));
        carryOut(granted(withCode(0, SECRET.code(step + 1)), SOURCE));
        assertThat(decide(withCode(0, SECRET.code(step + 1)))).isEqualTo(denied(Decision.WRONG_CODE));
    }

    /** The second grant's code does not open the way back to the first one's. */
    @Test
    void decide_codeOfAnOlderGrant_isOver() throws NotationException {
        limits(8, Optional.of(SECRET), OptionalInt.empty());
        long step = NOW.getEpochSecond() / 30;
        carryOut(granted(withCode(7, SECRET.code(step - 1)), SOURCE));
        carryOut(granted(withCode(8, SECRET.code(step)), SOURCE));
        assertThat(decide(withCode(7, SECRET.code(step - 1)))).isEqualTo(denied(Decision.WRONG_CODE));
    }

    /** Reasons come in the order of the protocol's page of the policy, whatever else is wrong. */
    @Test
    void decide_everythingWrong_tellsTheFirst() throws NotationException {
        rules = rules(
                AccessRules.of(List.of("ssh")),
                List.of("10.0.0.0/8"),
                List.of("sun 00:00-01:00"),
                1,
                EnumSet.of(AddressMode.EQUAL),
                Optional.of(SECRET),
                Optional.empty(),
                OptionalInt.of(1));
        use = new DeviceUse(0, 1);
        lease("anna/ssh", address("10.9.9.9"), 60);
        AddressClaim wrong = claim(AddressMode.EQUAL, "10.0.0.1", "-");
        AddressClaim right = claim(AddressMode.EQUAL, "192.0.2.7", "-");
        assertThat(decide(open(AddressClaim.OBSERVED, "nope", "x"))).isEqualTo(denied(Decision.UNKNOWN_SERVICE));
        assertThat(decide(open(AddressClaim.OBSERVED, "x"))).isEqualTo(denied(Decision.SERVICE_NOT_ALLOWED));
        assertThat(decide(open(AddressClaim.OBSERVED, "ssh"))).isEqualTo(denied(Decision.MODE_NOT_ALLOWED));
        assertThat(decide(open(wrong, "ssh"))).isEqualTo(denied(Decision.WRONG_ADDRESS));
        assertThat(decide(open(right, "ssh"))).isEqualTo(denied(Decision.NETWORK_NOT_ALLOWED));
        assertThat(decide(open(wrong, "ssh"), address("10.0.0.1"))).isEqualTo(denied(Decision.HOUR_NOT_ALLOWED));
        now = Instant.parse("2026-11-22T00:30:00Z");
        assertThat(decide(open(wrong, "ssh"), address("10.0.0.1"))).isEqualTo(denied(Decision.TOO_MANY_LEASES));
        use = DeviceUse.NONE;
        leases.clear();
        assertThat(decide(open(wrong, "ssh"), address("10.0.0.1"))).isEqualTo(denied(Decision.WRONG_CODE));
    }

    @Test
    void closed_givesBackWhatIsNamedForTheAddresses() {
        lease("anna/ssh", SOURCE, 60);
        lease("anna/web", SOURCE, 60);
        lease("anna/db", SOURCE, 60);
        lease("anna/ssh", SOURCE6, 60);
        lease("bob/ssh", SOURCE, 60);
        lease("ssh", SOURCE, 60);
        assertThat(closed(AddressClaim.OBSERVED, SOURCE, "ssh")).containsExactly(1L);
        assertThat(closed(AddressClaim.OBSERVED, SOURCE, "db", "web")).containsExactly(2L, 3L);
        assertThat(closed(AddressClaim.OBSERVED, SOURCE)).containsExactly(1L, 2L);
        assertThat(closed(claim(AddressMode.DUAL, "-", "2001:db8::7"), SOURCE, "ssh"))
                .containsExactly(1L, 4L);
        assertThat(closed(claim(AddressMode.EQUAL, "192.0.2.9", "-"), SOURCE, "ssh"))
                .isEmpty();
        assertThat(closed(AddressClaim.OBSERVED, SOURCE, "nope")).isEmpty();
    }

    private List<Long> closed(AddressClaim claim, Address source, String... names) {
        return DevicePolicy.closed(Requests.device(rules), Requests.close(claim, names), source, situation()).stream()
                .map(Lease::id)
                .toList();
    }
}
