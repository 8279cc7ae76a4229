package tirl.daemon.fwknop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.daemon.spa.SpaClock;

class PredecessorTest {
    private static final long MILLI_NS = 1_000_000;

    private final AtomicLong nowMs = new AtomicLong();
    private final AtomicLong setMs = new AtomicLong();
    private final SpaClock clock = new SpaClock(
            () -> nowMs.get() * MILLI_NS, () -> Instant.ofEpochMilli(nowMs.get() + setMs.get()), () -> ZoneOffset.UTC);

    /** A clock that was set meanwhile is believed. */
    @ParameterizedTest
    @CsvSource({
        "16620, 16700,      0, 16, true",
        "16620, 17050,      0, 16, true",
        "16620, 17050,      0, 17, false",
        "16620, 17620,      0, 17, false",
        "16000, 16000,      0, 16, true",
        "16000, 16999,      0, 17, false",
        "16999, 17001,      0, 17, false",
        "16620, 20000,  60000, 76, true",
        "16620, 20000,  60000, 77, false",
        "16620, 20000, -10000,  6, true",
        "16620, 20000, -10000,  7, false",
    })
    void mayHaveTaken_isWhatWasMadeUpToTheSecondOfTheStart(
            long startMs, long thenMs, long set, long madeS, boolean may) {
        nowMs.set(startMs);
        Predecessor predecessor = new Predecessor(clock);
        nowMs.set(thenMs);
        setMs.set(set);

        assertThat(predecessor.mayHaveTaken(madeS)).isEqualTo(may);
    }
}
