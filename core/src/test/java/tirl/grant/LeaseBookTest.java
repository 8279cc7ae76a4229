package tirl.grant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tirl.door.ServicePort;
import tirl.packet.Address;
import tirl.packet.Transport;

class LeaseBookTest {
    private static final List<String> LABELS =
            List.of("ops", "anna/ssh", "anna/web", "ann/ssh", "anna2/ssh", "grant:ssh", "/ssh", "anna/a/b");

    private final LeaseBook book = new LeaseBook();
    private final Random random = new Random(7);

    @Test
    void heldBy_isWhatTheLabelsSay_afterAnyChange() {
        for (long nowNs = 0; nowNs < 3_000; nowNs++) {
            change(nowNs);
            for (String holder : List.of("anna", "ann", "ops", "", "grant:ssh", "nobody")) {
                assertThat(book.heldBy(holder))
                        .containsExactlyElementsOf(book.all().stream()
                                .filter(lease -> lease.label().startsWith(holder + "/"))
                                .toList());
            }
        }
        assertThat(book.heldBy("anna")).isNotEmpty();
        book.expire(Duration.ofDays(1).toNanos());
        assertThat(book.heldBy("anna")).isEmpty();
    }

    @Test
    void nextExpiry_isThatOfTheLeasesThatLive_afterAnyChange() {
        for (long nowNs = 0; nowNs < 3_000; nowNs++) {
            change(nowNs);
            assertThat(book.nextExpiryNs())
                    .isEqualTo(book.all().stream().map(Lease::expiresNs).min(Comparator.naturalOrder()));
        }
        assertThat(book.expire(Duration.ofDays(1).toNanos())).isNotEmpty();
        assertThat(book.nextExpiryNs()).isEmpty();
        assertThat(book.size()).isZero();
    }

    private void change(long nowNs) {
        switch (random.nextInt(4)) {
            case 0 -> book.expire(nowNs);
            case 1 -> book.all().stream().findAny().map(Lease::id).ifPresent(book::remove);
            default -> book.put(book.draft(request(), nowNs));
        }
    }

    private GrantRequest request() {
        return new GrantRequest(
                Address.ofIpv4(0x0a000000 + random.nextInt(4)),
                LABELS.get(random.nextInt(LABELS.size())),
                List.of(new ServicePort(Transport.TCP, 22)),
                Duration.ofNanos(1 + random.nextInt(200)));
    }
}
