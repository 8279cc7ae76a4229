package tirl.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tirl.config.Config.Limits;
import tirl.door.ServicePort;
import tirl.grant.LeaseLedger.Kept;
import tirl.packet.Address;
import tirl.packet.Transport;

/** Leases that lead elsewhere, before they are in a kernel. */
class NatTest {
    private static final Address ALICE = Address.parse("192.0.2.1").orElseThrow();
    private static final ServicePort WEB = new ServicePort(Transport.TCP, 8080);
    private static final ServicePort SSH = new ServicePort(Transport.TCP, 22);
    private static final Nat INSIDE = Nat.parse("10.0.0.5:80").orElseThrow();
    private static final Nat OTHER = Nat.parse("10.0.0.6:80").orElseThrow();
    private static final long NOW = 5_000_000_000L;

    private final LeaseBook book = new LeaseBook();

    private static GrantRequest request(String label, ServicePort port, Optional<Nat> nat) {
        return new GrantRequest(ALICE, label, List.of(port), Duration.ofSeconds(30), nat);
    }

    private static Lease lease(long id, String label, int seconds, Optional<Nat> nat) {
        return new Lease(
                id,
                ALICE,
                label,
                List.of(WEB),
                NOW + Duration.ofSeconds(seconds).toNanos(),
                nat);
    }

    private static TimedOpening open(int seconds, String label, Optional<Nat> nat) {
        return new TimedOpening(new Opening(ALICE, WEB), Duration.ofSeconds(seconds), label, nat);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.5:80",
                "[fd00::5]:65535",
                ":22",
                "10.0.0.5:80,masquerade",
                "10.0.0.5:80,10.0.0.1",
                "[fd00::5]:80,fd00::1"
            })
    void text_readsBackAsItWas(String text) {
        assertThat(Nat.parse(text)).hasToString("Optional[" + text + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":0",
                ":65536",
                "10.0.0.5",
                "10.0.0.5:",
                "10.0.0.5:80,",
                "10.0.0.5:80,fd00::1",
                ":22,masquerade",
                "fd00::5:80",
                "[10.0.0.5]:80",
                "10.0.0.5:080",
                "10.0.0.5:80 ",
                "host:80",
                "10.0.0.5:80,10.0.0.1,masquerade"
            })
    void text_ofAnythingElse_isNothing(String text) {
        assertThat(Nat.parse(text)).isEmpty();
    }

    @Test
    void sender_ofAnotherVersion_isNone() {
        assertThatThrownBy(() -> new Nat(
                        INSIDE.host(),
                        80,
                        new Nat.Sender.As(Address.parse("fd00::1").orElseThrow())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void policy_portOfASourceThatLeadsElsewhere_isRefusedToEverybodyElse() {
        Policy policy = new Policy(Limits.DEFAULT);
        book.put(book.draft(request("a/tcp/8080", WEB, Optional.of(INSIDE)), 0));

        for (Optional<Nat> nat : List.of(Optional.<Nat>empty(), Optional.of(OTHER))) {
            assertThat(policy.decide(request("door", WEB, nat), book))
                    .isEqualTo(new Verdict.Denied("of 192.0.2.1, tcp/8080 leads to 10.0.0.5:80 until lease 1 ends, and"
                            + " cannot lead elsewhere too"));
            assertThat(policy.decide(request("a/tcp/8080", WEB, nat), book)).isInstanceOf(Verdict.Denied.class);
        }
        assertThat(policy.decide(request("a/tcp/8080", WEB, Optional.of(INSIDE)), book))
                .isInstanceOf(Verdict.Granted.class);
        assertThat(policy.decide(request("door", SSH, Optional.empty()), book)).isInstanceOf(Verdict.Granted.class);
        assertThat(policy.decide(
                        new GrantRequest(
                                Address.parse("192.0.2.2").orElseThrow(), "door", List.of(WEB), Duration.ofSeconds(1)),
                        book))
                .isInstanceOf(Verdict.Granted.class);
    }

    @Test
    void policy_plainLease_keepsItsPortHere() {
        book.put(book.draft(request("door", SSH, Optional.empty()), 0));
        assertThat(new Policy(Limits.DEFAULT).decide(request("a/tcp/22", SSH, Optional.of(INSIDE)), book))
                .isInstanceOfSatisfying(
                        Verdict.Denied.class,
                        denied -> assertThat(denied.why()).contains("tcp/22 leads to this host until lease 1 ends"));
    }

    @Test
    void openings_leadWhereTheirLeaseLeads() {
        book.put(book.draft(request("a/tcp/8080", WEB, Optional.of(INSIDE)), NOW));
        assertThat(book.openings(ALICE, List.of(WEB), NOW))
                .containsExactly(open(30, "a/tcp/8080", Optional.of(INSIDE)));
    }

    @Test
    void kernelAlone_saysWhereALeaseLeads() {
        Reconciliation change =
                Reconciliation.fill(book, List.of(open(40, "a", Optional.of(INSIDE))), Kept.NOTHING, false, NOW);
        assertThat(book.all()).containsExactly(lease(1, "a", 40, Optional.of(INSIDE)));
        assertThat(change.open()).isEmpty();
    }

    @Test
    void rowAndOpening_areOneLease_whichLeadsThere() {
        Kept kept = new Kept(List.of(lease(7, "a", 30, Optional.of(INSIDE))), List.of(), false);
        Reconciliation _ = Reconciliation.fill(book, List.of(open(40, "a", Optional.of(INSIDE))), kept, false, NOW);
        assertThat(book.all()).containsExactly(lease(7, "a", 40, Optional.of(INSIDE)));
    }

    @Test
    void tableGone_isOpenedAgainTowardsTheMachine_notHere() {
        Kept kept = new Kept(List.of(lease(7, "a", 30, Optional.of(INSIDE))), List.of(), false);
        Reconciliation change = Reconciliation.fill(book, List.of(), kept, true, NOW);
        assertThat(change.open()).containsExactly(open(30, "a", Optional.of(INSIDE)));
    }

    @Test
    void rowThatLeadsElsewhereThanTheKernelSays_isNotThatOpening() {
        Kept kept = new Kept(List.of(lease(7, "a", 30, Optional.of(INSIDE))), List.of(), false);
        Reconciliation _ = Reconciliation.fill(book, List.of(open(40, "a", Optional.of(OTHER))), kept, false, NOW);
        assertThat(book.all())
                .singleElement()
                .satisfies(lease -> assertThat(lease.nat()).contains(OTHER));
    }

    @Test
    void revocationThatWasBegun_shutsOnlyWhatLedThere() {
        Kept kept = new Kept(List.of(), List.of(lease(7, "a", 30, Optional.of(INSIDE))), false);
        Reconciliation change =
                Reconciliation.fill(book, List.of(open(30, "a", Optional.of(INSIDE))), kept, false, NOW);
        assertThat(change.shut()).containsExactly(new Opening(ALICE, WEB));
        assertThat(book.all()).isEmpty();
    }
}
