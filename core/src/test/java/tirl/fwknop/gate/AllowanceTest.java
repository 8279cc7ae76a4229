package tirl.fwknop.gate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AllowanceTest {
    private static final long FAR = 1L << 60;

    private final Allowance half = new Allowance(100, 50);

    @Test
    void atOnce_thenAShareOfTheTime() {
        assertThat(half.isOpen(FAR)).isTrue();
        half.spend(FAR, 100);
        assertThat(half.isOpen(FAR)).isFalse();
        assertThat(half.isOpen(FAR + 100)).isTrue();
        half.spend(FAR + 100, 50);
        assertThat(half.isOpen(FAR + 100)).isFalse();
    }

    @Test
    void whoSpendsNothing_savesNoMoreThanAtOnce() {
        half.spend(FAR, 1);
        assertThat(half.isOpen(FAR + 1_000_000)).isTrue();
        half.spend(FAR + 1_000_000, 100);
        assertThat(half.isOpen(FAR + 1_000_000)).isFalse();
    }

    @Test
    void whoAsksEachNanosecond_losesNothing() {
        half.spend(FAR, 200);
        // A hundred more than at once, of which each nanosecond takes back a half.
        for (int ns = 0; ns <= 200; ns++) {
            assertThat(half.isOpen(FAR + ns)).as("after %d ns", ns).isFalse();
        }
        assertThat(half.isOpen(FAR + 201)).isTrue();
    }
}
