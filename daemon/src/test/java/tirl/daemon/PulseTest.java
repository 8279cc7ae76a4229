package tirl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PulseTest {
    private static final class Recorded implements Pulse.Beat {
        final List<Long> beats = new ArrayList<>();
        long intervalNs;

        Recorded(long intervalNs) {
            this.intervalNs = intervalNs;
        }

        @Override
        public long intervalNs() {
            return intervalNs;
        }

        @Override
        public void beat(long nowNs) {
            beats.add(nowNs);
        }
    }

    @Test
    void twoBeats_comeEachInItsInterval_theFirstAtOnce() {
        Recorded quick = new Recorded(10);
        Recorded slow = new Recorded(25);
        Pulse pulse = new Pulse(List.of(quick, slow));
        assertThat(pulse.untilNextNs(100)).isZero();

        for (long now = 100; now <= 130; now += 5) {
            pulse.turnEnded(now);
        }

        assertThat(quick.beats).containsExactly(100L, 110L, 120L, 130L);
        assertThat(slow.beats).containsExactly(100L, 125L);
        assertThat(pulse.untilNextNs(133)).isEqualTo(7);
    }

    @Test
    void nobodyWantsToKnow_theLoopMaySleepForEver() {
        Recorded never = new Recorded(Pulse.NEVER);
        Pulse pulse = new Pulse(List.of(never));

        pulse.turnEnded(1);

        assertThat(never.beats).isEmpty();
        assertThat(pulse.untilNextNs(1)).isEqualTo(Pulse.NEVER);
    }

    @Test
    void soon_beatsAtTheEndOfThisTurn() {
        Recorded beat = new Recorded(1000);
        Pulse pulse = new Pulse(List.of(beat));
        pulse.turnEnded(0);

        pulse.soon();
        pulse.turnEnded(1);

        assertThat(beat.beats).containsExactly(0L, 1L);
    }
}
