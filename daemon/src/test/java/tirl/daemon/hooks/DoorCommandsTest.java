package tirl.daemon.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tirl.daemon.command.CommandLimits;
import tirl.daemon.command.Commands;
import tirl.daemon.journal.DueJournal;
import tirl.packet.Address;

class DoorCommandsTest {
    private static final Address ALICE = Address.parse("192.0.2.7").orElseThrow();
    private static final Duration LONG = Duration.ofHours(1);

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private DoorCommands doors(boolean repeat) throws Exception {
        return new DoorCommands(
                new Commands(folder, CommandLimits.STANDARD, Duration.ofSeconds(10)),
                DueJournal.load(folder.resolve("journal"), told::add),
                InstantSource.system(),
                repeat,
                new Telling(told));
    }

    private static DoorCommands.Opening opening(Duration openFor) {
        return new DoorCommands.Opening(
                "door", ALICE, Optional.of("echo in; exit 4"), Optional.of("echo out"), openFor);
    }

    private void expect(String... words) throws InterruptedException {
        for (String word : words) {
            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(word);
        }
    }

    @Test
    void open_doorWithAnEnd_runsBothInOrderAndTellsOutputAndStatus() throws Exception {
        try (DoorCommands doors = doors(false)) {
            doors.open(opening(Duration.ofMillis(1)));
            expect("running echo in; exit 4");
            // The stop command may be announced before the start command has ended; it runs after it.
            List<String> rest = List.of(take(), take(), take(), take(), take());
            assertThat(rest)
                    .containsSubsequence("output in", "failed 4", "output out")
                    .containsSubsequence("shutting 192.0.2.7", "running echo out");
        }
        assertThat(told).isEmpty();
    }

    private String take() throws InterruptedException {
        return String.valueOf(told.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void open_again_extendsOrRepeats() throws Exception {
        try (DoorCommands doors = doors(false)) {
            doors.open(opening(LONG));
            doors.open(opening(LONG));
            doors.shutAll();
        }
        assertThat(told).filteredOn("running echo in; exit 4"::equals).hasSize(1);
        assertThat(told).filteredOn("running echo out"::equals).hasSize(1);
        told.clear();
        try (DoorCommands doors = doors(true)) {
            doors.open(opening(LONG));
            doors.open(opening(LONG));
            doors.shutAll();
        }
        assertThat(told).filteredOn("running echo in; exit 4"::equals).hasSize(2);
        assertThat(told).filteredOn("running echo out"::equals).hasSize(2);
    }

    @Test
    void shut_openDoor_runsItsStopCommandOnce() throws Exception {
        try (DoorCommands doors = doors(false)) {
            doors.open(opening(LONG));
            doors.shut("door", ALICE);
            doors.shut("door", ALICE);
            doors.shut("other", ALICE);
        }
        assertThat(told).filteredOn("running echo out"::equals).hasSize(1);
    }

    @Test
    void start_withWhatAnEarlierDaemonLeft_shutsTheOverdueAtOnce() throws Exception {
        try (DueJournal journal = DueJournal.load(folder.resolve("journal"), told::add)) {
            var _ = journal.open(
                    "door",
                    "192.0.2.7",
                    "echo overdue",
                    InstantSource.system().instant().minusSeconds(60));
            var _ = journal.open(
                    "door",
                    "192.0.2.8",
                    "echo later",
                    InstantSource.system().instant().plusSeconds(60));
        }
        try (DoorCommands _ = doors(false)) {
            expect("shutting 192.0.2.7", "running echo overdue", "output overdue");
        }
        assertThat(told).isEmpty();
        try (DueJournal journal = DueJournal.load(folder.resolve("journal"), told::add)) {
            assertThat(journal.pending())
                    .singleElement()
                    .extracting("stopCommand")
                    .isEqualTo("echo later");
        }
    }

    private record Telling(BlockingQueue<String> told) implements DoorCommands.Listener {
        @Override
        public void running(String door, String command) {
            told.add("running " + command);
        }

        @Override
        public void shutting(String door, Address source) {
            told.add("shutting " + source);
        }

        @Override
        public void failed(String door, int exitStatus) {
            told.add("failed " + exitStatus);
        }

        @Override
        public void output(String door, String line) {
            told.add("output " + line);
        }

        @Override
        public void trouble(String message) {
            told.add("trouble " + message);
        }
    }
}
