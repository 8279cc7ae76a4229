package tirl.device;

import static org.assertj.core.api.Assertions.assertThat;
import static tirl.device.Requests.address;
import static tirl.device.Requests.claim;
import static tirl.device.Requests.open;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import tirl.config.NotationException;
import tirl.grant.GrantRequest;
import tirl.grant.Lease;
import tirl.packet.Address;
import tirl.spa.AddressClaim;
import tirl.spa.AddressMode;
import tirl.spa.Body;
import tirl.spa.Decision;

/** What a device has and had already: leases, grants, codes. */
class DevicePolicyUseTest extends PolicyScene {
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
