package tirl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tirl.linux.capture.Captures;

class PaceTest {
    private static final long MS = 1_000_000;
    private static final long START = 1L << 60;

    private final Pace pace = new Pace();

    @Test
    void restsWhileManyCome_andNotAfter() {
        assertThat(pace.restNs(0, START)).isZero();
        assertThat(pace.restNs(Pace.MANY, START + 10 * MS)).as("not yet known").isZero();
        assertThat(pace.restNs(Pace.MANY, START + 20 * MS)).isEqualTo(Pace.REST_NS);
        assertThat(pace.restNs(2 * Pace.MANY, START + 40 * MS)).isEqualTo(Pace.REST_NS);
        assertThat(pace.restNs(2 * Pace.MANY + 1, START + 60 * MS)).isZero();
    }

    @Test
    void manyAfterALongCalm_areFew() {
        assertThat(pace.restNs(0, START)).isZero();
        assertThat(pace.restNs(2 * Pace.MANY, START + 10_000 * MS)).isZero();
    }

    @Test
    void noRest_whileEachTurnIsFull() {
        assertThat(pace.restNs(0, START)).isZero();
        assertThat(pace.restNs(Captures.TURN, START + 20 * MS)).as("more wait").isZero();
        assertThat(pace.restNs(2L * Captures.TURN, START + 21 * MS)).isZero();
        assertThat(pace.restNs(3L * Captures.TURN - 1, START + 22 * MS)).isEqualTo(Pace.REST_NS);
    }
}
