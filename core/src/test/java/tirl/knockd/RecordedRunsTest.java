package tirl.knockd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tirl.packet.Address;
import tirl.packet.Packet;
import tirl.recognise.Frames;

/** Random doors and packets that knockd 0.8 was run with, and what it logged (testdata/configs/knockd/README.md). */
class RecordedRunsTest {
    static final Path RECORDED = Path.of("..", "testdata", "configs", "knockd", "recorded-runs.txt");
    private static final Address LOCAL = Address.parse("127.0.0.1").orElseThrow();

    private final Frames frames = new Frames();

    /** The slow twin, with knockd's bug, says to the letter what knockd logged; so it may judge the recogniser. */
    @Test
    void slowTwinWithListHeadBug_logsWhatKnockdLogged() throws IOException {
        int runs = 0;
        for (String run : Files.readString(RECORDED).split("\n\n", -1)) {
            if (!run.isBlank()) {
                Script script = Script.of(run);
                SlowKnockd twin = new SlowKnockd(script.doors, true);
                List<String> logged = new ArrayList<>();
                script.play(frames, (packet, local, seconds) -> logged.addAll(twin.on(packet, local, seconds)));
                logged.removeIf(line -> line.startsWith("failed "));
                assertThat(logged).as(run).isEqualTo(script.logged);
                runs++;
            }
        }
        assertThat(runs).isGreaterThan(200);
    }

    /** Where a run has one source and one door, the bug has nothing to harm: the recogniser logs the same as knockd. */
    @Test
    void recogniserWithOneSourceAndDoor_logsWhatKnockdLogged() throws IOException {
        int runs = 0;
        for (String run : Files.readString(RECORDED).split("\n\n", -1)) {
            if (run.isBlank()) {
                continue;
            }
            Script script = Script.of(run);
            if (script.doors.size() == 1 && script.sources() == 1) {
                KnockdRecogniser recogniser = new KnockdRecogniser(script.doors, 16, 42);
                KnockdDoors.Lines lines = new KnockdDoors.Lines();
                script.play(frames, (packet, local, seconds) -> recogniser.on(packet, local, seconds, lines));
                lines.all.removeIf(line -> line.startsWith("failed "));
                assertThat(lines.all).as(run).isEqualTo(script.logged);
                runs++;
            }
        }
        assertThat(runs).isGreaterThan(20);
    }

    private interface Player {
        void on(Packet packet, boolean local, long seconds);
    }

    private record Script(List<KnockdDoor> doors, List<String> steps, List<String> logged) {
        static Script of(String run) {
            StringBuilder conf = new StringBuilder();
            List<String> steps = new ArrayList<>();
            List<String> logged = new ArrayList<>();
            for (String line : run.strip().split("\n", -1)) {
                if (line.startsWith("conf: ")) {
                    conf.append(line.substring(6)).append('\n');
                } else if (line.startsWith("< ")) {
                    logged.add(line.substring(2));
                } else if (!line.startsWith("run: ")) {
                    steps.add(line);
                }
            }
            return new Script(KnockdDoors.of(conf.toString()), steps, logged);
        }

        long sources() {
            return steps.stream()
                    .filter(step -> step.startsWith("> "))
                    .map(step -> step.split(" ", 3)[1])
                    .distinct()
                    .count();
        }

        void play(Frames frames, Player player) {
            long seconds = 0;
            for (String step : steps) {
                String[] words = step.split("[ @]", 4);
                if (words[0].equals("+")) {
                    seconds += Long.parseLong(words[1]);
                } else {
                    Address to = Address.parse(words[3]).orElseThrow();
                    Address from = Address.parse(words[1]).orElseThrow();
                    player.on(frames.packet(from, to, words[2]), to.equals(LOCAL), seconds);
                }
            }
        }
    }
}
