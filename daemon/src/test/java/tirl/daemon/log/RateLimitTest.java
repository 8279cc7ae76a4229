package tirl.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLimitTest {
    @Test
    void admits_flood_letsSoManyASecondAndCountsTheRest() {
        RateLimit limit = new RateLimit(3, 0);
        int admitted = 0;
        for (int i = 0; i < 100; i++) {
            admitted += limit.admits(i) ? 1 : 0;
        }
        assertThat(admitted).isEqualTo(3);
        assertThat(limit.admits(1_000_000_000L)).isTrue();
        assertThat(limit.takeHeldBack()).isEqualTo(97);
        assertThat(limit.takeHeldBack()).isZero();
    }
}
