package tirl.device;

import static org.assertj.core.api.Assertions.assertThat;
import static tirl.device.Requests.address;
import static tirl.device.Requests.claim;
import static tirl.device.Requests.open;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.config.NotationException;
import tirl.door.ServicePort;
import tirl.grant.GrantRequest;
import tirl.packet.Transport;
import tirl.spa.AddressClaim;
import tirl.spa.AddressMode;
import tirl.spa.Decision;

/** For whom, for what, and for how long. */
class DevicePolicyTest extends PolicyScene {
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
}
