package tirl.grant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tirl.door.ServicePort;
import tirl.grant.LeaseLedger.Kept;
import tirl.packet.Address;
import tirl.packet.Transport;

class ReconciliationTest {
    private static final Address ALICE = Address.parse("192.0.2.1").orElseThrow();
    private static final ServicePort SSH = new ServicePort(Transport.TCP, 22);
    private static final ServicePort WEB = new ServicePort(Transport.TCP, 80);
    private static final long NOW = 5_000_000_000L;
    private static final int MANY = 100_000;

    private final LeaseBook book = new LeaseBook();

    private static Lease lease(long id, String label, int seconds, ServicePort... ports) {
        return new Lease(
                id,
                ALICE,
                label,
                List.of(ports),
                NOW + Duration.ofSeconds(seconds).toNanos());
    }

    private static TimedOpening open(ServicePort port, int seconds, String label) {
        return new TimedOpening(new Opening(ALICE, port), Duration.ofSeconds(seconds), label);
    }

    private Reconciliation fill(List<TimedOpening> kernel, List<Lease> live, List<Lease> revoking, boolean again) {
        return Reconciliation.fill(book, kernel, new Kept(live, revoking, false), again, NOW);
    }

    @Test
    void rowAndOpening_areOneLeaseWithItsNumber_andTheKernelsEnd() {
        Reconciliation change =
                fill(List.of(open(SSH, 40, "door")), List.of(lease(7, "door", 30, SSH)), List.of(), false);

        assertThat(book.all()).containsExactly(lease(7, "door", 40, SSH));
        assertThat(change.shut()).isEmpty();
        assertThat(change.open()).isEmpty();
    }

    @Test
    void twoLeasesOverOneOpening_areBothBack() {
        Reconciliation _ = fill(
                List.of(open(SSH, 60, "long")),
                List.of(lease(1, "brief", 20, SSH), lease(2, "long", 60, SSH)),
                List.of(),
                false);

        assertThat(book.all()).containsExactly(lease(1, "brief", 20, SSH), lease(2, "long", 60, SSH));
    }

    @Test
    void rowThatEndsAfterTheOnlyOpening_endsWithIt() {
        Reconciliation _ = fill(List.of(open(SSH, 10, "other")), List.of(lease(1, "door", 20, SSH)), List.of(), false);

        assertThat(book.find(1)).contains(lease(1, "door", 10, SSH));
    }

    @Test
    void rowWithoutOpening_isGone_butForOneWithoutPorts() {
        Reconciliation change = fill(
                List.of(),
                List.of(lease(1, "door", 20, SSH), lease(2, "bare", 20), lease(3, "bare over", -1)),
                List.of(),
                false);

        assertThat(book.all()).containsExactly(lease(2, "bare", 20));
        assertThat(change.open()).isEmpty();
    }

    @Test
    void openingWithoutRow_becomesALeaseWithANewNumber() {
        Reconciliation _ = fill(
                List.of(open(WEB, 30, "new"), open(SSH, 60, "old")),
                List.of(lease(4, "old", 60, SSH)),
                List.of(),
                false);

        assertThat(book.all()).containsExactly(lease(4, "old", 60, SSH), lease(5, "new", 30, WEB));
    }

    @Test
    void extensionThatWasNotWritten_isKnownByTheOpenings() {
        Reconciliation _ = fill(
                List.of(open(SSH, 30, "door"), open(WEB, 30, "door")),
                List.of(lease(1, "door", -5, SSH)),
                List.of(),
                false);

        assertThat(book.all()).singleElement().satisfies(lease -> {
            assertThat(lease.id()).isEqualTo(1);
            assertThat(lease.ports()).containsExactlyInAnyOrder(SSH, WEB);
            assertThat(lease.left(NOW)).isEqualTo(Duration.ofSeconds(30));
        });
    }

    @Test
    void revocationThatWasBegun_isEnded_andLeavesWhatAnotherLeaseCovers() {
        Reconciliation change = fill(
                List.of(open(SSH, 60, "long"), open(WEB, 60, "long")),
                List.of(lease(1, "brief", 20, SSH)),
                List.of(lease(2, "long", 60, SSH, WEB)),
                false);

        assertThat(book.all()).containsExactly(lease(1, "brief", 20, SSH));
        assertThat(change.shut()).containsExactly(new Opening(ALICE, WEB));
        assertThat(change.open()).containsExactly(open(SSH, 20, "brief"));
    }

    @Test
    void doorOpenedAgainAfterARevocation_staysOpen() {
        Reconciliation change = fill(
                List.of(open(SSH, 50, "door")),
                List.of(lease(3, "door", 50, SSH)),
                List.of(lease(2, "door", 20, SSH)),
                false);

        assertThat(book.all()).containsExactly(lease(3, "door", 50, SSH));
        assertThat(change.shut()).isEmpty();
    }

    @Test
    void revokedNumber_isNotGivenAgain() {
        Reconciliation _ = fill(List.of(open(WEB, 5, "new")), List.of(), List.of(lease(9, "door", 20, SSH)), false);

        assertThat(book.all()).containsExactly(lease(10, "new", 5, WEB));
    }

    @Test
    void tableGone_liveRowsAreOpenedAgain_withTheTimeLeft() {
        Reconciliation change = fill(
                List.of(),
                List.of(lease(1, "brief", 20, SSH), lease(2, "long", 60, SSH, WEB), lease(3, "over", -1, WEB)),
                List.of(lease(4, "revoked", 60, SSH)),
                true);

        assertThat(book.all()).containsExactly(lease(1, "brief", 20, SSH), lease(2, "long", 60, SSH, WEB));
        assertThat(change.open()).contains(open(SSH, 60, "long"), open(WEB, 60, "long"));
        assertThat(change.open()).noneMatch(timed -> timed.label().equals("brief"));
        assertThat(change.shut()).isEmpty();
    }

    @Test
    void tableHalfPutBack_keepsALaterEnd() {
        Reconciliation change =
                fill(List.of(open(SSH, 50, "door")), List.of(lease(1, "door", 30, SSH, WEB)), List.of(), true);

        assertThat(change.open()).containsExactlyInAnyOrder(open(SSH, 50, "door"), open(WEB, 50, "door"));
    }

    /** Looking at all openings for each lease would take minutes. */
    @Test
    @Timeout(30)
    void manyLeases_areReconciledOneByOne() {
        List<TimedOpening> kernel = new ArrayList<>();
        List<Lease> live = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            Address source = Address.parse("10." + (i >> 16 & 0xff) + "." + (i >> 8 & 0xff) + "." + (i & 0xff))
                    .orElseThrow();
            kernel.add(new TimedOpening(new Opening(source, SSH), Duration.ofSeconds(60), "door"));
            live.add(new Lease(i + 1, source, "door", List.of(SSH), NOW + 1_000_000_000L));
        }

        Reconciliation change = fill(kernel, live, List.of(), false);

        assertThat(book.size()).isEqualTo(MANY);
        assertThat(change.open()).isEmpty();
        assertThat(change.shut()).isEmpty();
    }
}
