package tirl.fwknop.gate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tirl.packet.Address;

class CallersTest {
    private static final Address HOME = Address.parse("2001:db8::7").orElseThrow();
    private static final Address NEIGHBOUR = Address.parse("2001:db8::8").orElseThrow();
    private static final long MS = 1_000_000;

    private final Callers callers = new Callers(5);

    @Test
    void stranger_isLookedAtSoOften_andAgainLater() {
        for (int i = 0; i < Callers.BURST; i++) {
            assertThat(callers.admits(HOME, 0)).isTrue();
        }
        assertThat(callers.admits(HOME, 0)).isFalse();
        assertThat(callers.admits(NEIGHBOUR, 0)).as("the same network").isFalse();
        assertThat(callers.admits(HOME, 100 * MS)).isTrue();
        assertThat(callers.admits(HOME, 100 * MS)).isFalse();
    }

    @Test
    void whoeverSentARightOne_isKnown_untilManyOthersDid() {
        assertThat(callers.isKnown(HOME)).isFalse();
        callers.sentRightOne(HOME);
        assertThat(callers.isKnown(HOME)).isTrue();
        for (int i = 0; i < Callers.KNOWN; i++) {
            callers.sentRightOne(Address.ofIpv4(i));
        }
        assertThat(callers.isKnown(HOME)).isFalse();
        assertThat(callers.isKnown(Address.ofIpv4(1))).isTrue();
    }
}
