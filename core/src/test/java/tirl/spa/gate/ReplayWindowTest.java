package tirl.spa.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
    /** Against a set of everything that was accepted: random walks, jumps, and the store between. */
    @Test
    void window_agreesWithASet() {
        for (int run = 0; run < 60; run++) {
            Random random = new Random(run);
            ReplayWindow window = new ReplayWindow();
            Set<Long> accepted = new HashSet<>();
            long base = run % 3 == 0 ? -5_000 : 1; // the last third works near 2^64
            long highest = 0;
            for (int i = 0; i < 3_000; i++) {
                base += random.nextInt(50) == 0 ? random.nextInt(700) : random.nextInt(2);
                long counter = base + random.nextInt(600) - 400;
                boolean expected = counter != 0
                        && !accepted.contains(counter)
                        && (Long.compareUnsigned(counter, highest) > 0
                                || Long.compareUnsigned(highest - counter, ReplayWindow.SIZE) < 0);
                assertThat(window.isNew(counter)).isEqualTo(expected);
                assertThat(window.accept(counter)).isEqualTo(expected);
                if (expected) {
                    accepted.add(counter);
                    highest = Long.compareUnsigned(counter, highest) > 0 ? counter : highest;
                }
                assertThat(window.isNew(counter)).isFalse();
                assertThat(window.highest()).isEqualTo(highest);
                if (random.nextInt(100) == 0) {
                    window = ReplayWindow.of(window.toLongs());
                }
            }
        }
    }

    @Test
    void largestJump_clearsAll() {
        ReplayWindow window = new ReplayWindow();
        assertThat(window.accept(1)).isTrue();
        assertThat(window.accept(-1)).isTrue();
        assertThat(window.accept(-1)).isFalse();
        assertThat(window.accept(1)).isFalse();
        assertThat(window.accept(-ReplayWindow.SIZE)).isTrue();
        assertThat(window.accept(-ReplayWindow.SIZE - 1)).isFalse();
    }

    @Test
    void damagedStore_isNoEmptyWindow() {
        assertThatThrownBy(() -> ReplayWindow.of(new long[3])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void budget_refillsByTheInterval() {
        Budget budget = new Budget(2, 100);
        int taken = 0;
        for (long now = -50; now < 1_000; now++) {
            if (budget.has(now)) {
                budget.take(now);
                taken++;
            }
        }
        assertThat(taken).isBetween(11, 12);
        assertThat(budget.has(10_000)).isTrue();
        budget.take(10_000);
        budget.take(10_000);
        assertThat(budget.has(10_099)).isFalse();
        assertThat(budget.has(10_100)).isTrue();
        assertThatThrownBy(() -> new Budget(0, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
