package tirl.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tirl.lab.RawFrames;
import tirl.spa.Suite;

/** That the benchmarks measure what they say: each way in opens, and floods arrive. No figure is judged here. */
@Tag("netns")
class BenchTest {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    @Test
    void figures_areTakenFromTheSortedValues() {
        Figures figures = Figures.of(
                IntStream.rangeClosed(1, 200).mapToObj(i -> (double) (201 - i)).toList());

        assertThat(figures.median()).isEqualTo(101);
        assertThat(figures.at(95)).isEqualTo(191);
        assertThat(figures.at(99)).isEqualTo(199);
        assertThat(figures.at(100)).isEqualTo(200);
        assertThat(Figures.of(List.of()).median()).isNaN();
    }

    @Test
    void report_saysWhatIsMissed() {
        Report report = new Report();
        report.less(new Report.Duel("met", "ms", 1, "peer", 50), 40);
        report.less(new Report.Duel("missed", "ms", 2, "peer", 50), 40);
        report.more(new Report.Duel("more", "/s", 500, "peer", 5), 100);
        report.all("honest", 29, 30, "");

        String page = report.markdown("head");

        assertThat(page)
                .contains("| met | 1 ms | peer: 50 ms | 50 x | at least 40 x | yes |")
                .contains("| missed | 2 ms | peer: 50 ms | 25 x | at least 40 x | **no** |")
                .contains("| more | 500 /s | peer: 5 /s | 100 x | at least 100 x | yes |")
                .contains("| honest | 29 of 30 |  |  | all | **no** |")
                .contains("2 marks are missed.");
    }

    @Test
    void spa_opensDuringAFlood_andPacketsMadeInAdvanceAreTaken() {
        try (Stage stage = Stage.set();
                Ours.Spa spa = Ours.spa(stage, 20)) {
            RawFrames raw = RawFrames.towards(stage.network());
            List<byte[]> noise = List.of(raw.datagram(RawFrames.number("10.77.77.5"), SpaDevices.PORT, new byte[144]));

            Flood flood = Flood.on(
                    stage,
                    spa.gate(),
                    new Flood.Hostile(noise, 4_000, 2_000, 1),
                    spa.devices().knock(),
                    PATIENCE_NS);

            assertThat(flood.sent().frames()).isEqualTo(4_000);
            assertThat(flood.honest().tried()).isPositive();
            assertThat(flood.honest().opened()).isEqualTo(flood.honest().tried());
            assertThat(spa.gate().counter("spa", "token")).isEqualTo(4_000);
            assertThat(spa.devices().packets(40, Suite.H)).hasSize(40).allMatch(packet -> packet.length == 1232);
        }
    }

    @Test
    void fwknopMode_opens_andForeignPacketsDoNot() {
        FwknopKeys keys = new FwknopKeys(3, 60);
        try (Stage stage = Stage.set();
                Gate gate = Ours.fwknop(stage, keys)) {
            Knock foreign = Knock.datagram(FwknopKeys.PORT, keys::foreign);
            assertThat(stage.attempt(foreign, TimeUnit.MILLISECONDS.toNanos(200)))
                    .isEmpty();
            assertThat(stage.attempt(keys.knock(), PATIENCE_NS)).isPresent();
            assertThat(gate.counter("fwknop", "granted")).isEqualTo(1);
            assertThat(gate.usage().megabytes()).isGreaterThan(10);
        }
    }

    @Test
    void doors_openForTheSequence() {
        try (Stage stage = Stage.set();
                Gate gate = Ours.doors(stage, Duration.ofSeconds(10), Duration.ofSeconds(60))) {
            Usage before = gate.usage();
            assertThat(stage.attempt(LatencyRow.SEQUENCE, PATIENCE_NS)).isPresent();
            assertThat(gate.usage().ownMicrosSince(before)).isPositive();
        }
    }
}
