package tirl.daemon.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tirl.daemon.command.CommandLimits;
import tirl.daemon.command.CommandListener;
import tirl.daemon.command.CommandRunner;
import tirl.daemon.command.Commands;
import tirl.daemon.journal.DueJournal;
import tirl.daemon.journal.Entry;
import tirl.daemon.journal.StopAlarm;
import tirl.daemon.journal.StopTimer;
import tirl.daemon.store.Flushers;
import tirl.daemon.store.Store;
import tirl.packet.Address;

class DoorCommandsTest {
    private static final Address ALICE = Address.parse("192.0.2.7").orElseThrow();
    private static final Duration LONG = Duration.ofHours(1);

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @TempDir
    private Path folder = Path.of("/nonexistent");

    /** One store for all that a test starts one after another; nothing of it is kept in memory. */
    private Store store() {
        return new Store(folder.resolve("state"), System::nanoTime, told::add);
    }

    private DueJournal journal(Store store) {
        return new DueJournal(store, Flushers.INLINE, folder, told::add);
    }

    private DoorCommands doors(Store store, boolean repeat) throws Exception {
        return doors(journal(store), repeat, onDue -> new StopTimer(InstantSource.system(), onDue));
    }

    private DoorCommands doors(DueJournal journal, boolean repeat, Function<Consumer<Entry>, StopAlarm> alarm)
            throws Exception {
        return doors(new Commands(folder, CommandLimits.STANDARD, Duration.ofSeconds(10)), journal, repeat, alarm);
    }

    private DoorCommands doors(
            CommandRunner runner, DueJournal journal, boolean repeat, Function<Consumer<Entry>, StopAlarm> alarm) {
        return new DoorCommands(
                runner,
                journal,
                InstantSource.system(),
                repeat,
                new Telling(told),
                Executors.newSingleThreadExecutor(),
                alarm);
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
        try (Store store = store();
                DoorCommands doors = doors(store, false)) {
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
        try (Store store = store();
                DoorCommands doors = doors(store, false)) {
            doors.open(opening(LONG));
            doors.open(opening(LONG));
            doors.shutAll();
        }
        assertThat(told).filteredOn("running echo in; exit 4"::equals).hasSize(1);
        assertThat(told).filteredOn("running echo out"::equals).hasSize(1);
        told.clear();
        try (Store store = store();
                DoorCommands doors = doors(store, true)) {
            doors.open(opening(LONG));
            doors.open(opening(LONG));
            doors.shutAll();
        }
        assertThat(told).filteredOn("running echo in; exit 4"::equals).hasSize(2);
        assertThat(told).filteredOn("running echo out"::equals).hasSize(2);
    }

    @Test
    void shut_openDoor_runsItsStopCommandOnce() throws Exception {
        try (Store store = store();
                DoorCommands doors = doors(store, false)) {
            doors.open(opening(LONG));
            doors.shut("door", ALICE);
            doors.shut("door", ALICE);
            doors.shut("other", ALICE);
        }
        assertThat(told).filteredOn("running echo out"::equals).hasSize(1);
    }

    @Test
    void start_withWhatAnEarlierDaemonLeft_shutsTheOverdueAtOnce() throws Exception {
        try (Store store = store()) {
            DueJournal journal = journal(store);
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
        try (Store store = store();
                DoorCommands doors = doors(store, false)) {
            doors.takeOver(Entry::due);
            expect("shutting 192.0.2.7", "running echo overdue", "output overdue");
        }
        assertThat(told).isEmpty();
        try (Store store = store()) {
            DueJournal journal = journal(store);
            assertThat(journal.pending())
                    .singleElement()
                    .extracting("stopCommand")
                    .isEqualTo("echo later");
        }
    }

    @Test
    void shut_whileTheTimersWordIsUnderWay_runsTheStopCommandOnce() throws Exception {
        try (Store store = store();
                DoorCommands doors = doors(journal(store), false, TooLate::new)) {
            doors.open(opening(LONG));
            doors.shut("door", ALICE);
        }
        assertThat(told).filteredOn("shutting 192.0.2.7"::equals).hasSize(1);
        assertThat(told).filteredOn("running echo out"::equals).hasSize(1);
    }

    @Test
    void shutAll_whileAStopCommandRuns_runsItOnce() throws Exception {
        try (Store store = store();
                DoorCommands doors = doors(store, false)) {
            doors.open(new DoorCommands.Opening(
                    "door", ALICE, Optional.of("echo in"), Optional.of("echo out; sleep 0.2"), LONG));
            doors.shut("door", ALICE);
            doors.shutAll();
        }
        assertThat(told).filteredOn("output out"::equals).hasSize(1);
    }

    @Test
    void takeOver_ofWhatEndsLaterOrEarlierThanTheJournalTells_shutsItThen() throws Exception {
        Instant now = InstantSource.system().instant();
        try (Store store = store()) {
            DueJournal journal = journal(store);
            var _ = journal.open("extended", "192.0.2.7", "echo extended", now.minusSeconds(60));
            var _ = journal.open("ended", "192.0.2.7", "echo ended", now.plusSeconds(60));
        }
        try (Store store = store();
                DoorCommands doors = doors(store, false)) {
            doors.takeOver(entry -> entry.door().equals("extended") ? now.plusSeconds(60) : Instant.EPOCH);
            expect("shutting 192.0.2.7", "running echo ended", "output ended");
        }
        assertThat(told).isEmpty();
        try (Store store = store()) {
            assertThat(journal(store).pending())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.due()).isAfter(now.plusSeconds(59)));
        }
    }

    @Test
    void shut_withACommandThatIsRefused_isTriedAgainAndExtendedByWhoOpensMeanwhile() throws Exception {
        BlockingQueue<Entry> scheduled = new LinkedBlockingQueue<>();
        try (Store store = store();
                DoorCommands doors = doors(new RefusingOnce(), journal(store), false, _ -> new Noted(scheduled))) {
            doors.open(opening(LONG));
            Entry opened = scheduled.poll(10, TimeUnit.SECONDS);
            doors.shut("door", ALICE);
            Entry again = scheduled.poll(10, TimeUnit.SECONDS);
            assertThat(again).isEqualTo(opened.withDue(again.due()));
            assertThat(again.due()).isBefore(opened.due());

            doors.open(opening(LONG));
            Entry extended = scheduled.poll(10, TimeUnit.SECONDS);
            assertThat(extended).isEqualTo(opened.withDue(extended.due()));
            assertThat(extended.due()).isAfterOrEqualTo(opened.due());
            doors.shut("door", ALICE);
            expect("running echo in; exit 4", "shutting 192.0.2.7", "running echo out");
            expect("trouble door door: the command was not run: too many");
            expect("shutting 192.0.2.7", "running echo out");
        }
        assertThat(told).isEmpty();
        try (Store store = store()) {
            assertThat(journal(store).pending()).isEmpty();
        }
    }

    /** Runs nothing, and refuses the first stop command. */
    private static final class RefusingOnce implements CommandRunner {
        private boolean refused;

        @Override
        public void run(String key, String text, CommandListener listener) {
            if (text.equals("echo out") && !refused) {
                refused = true;
                listener.failedToStart("too many");
            } else {
                listener.finished(0);
            }
        }

        @Override
        public void close() {}
    }

    /** Never rings. */
    private record Noted(BlockingQueue<Entry> scheduled) implements StopAlarm {
        @Override
        public void schedule(Entry entry) {
            scheduled.add(entry);
        }

        @Override
        public void cancel(Entry entry) {}

        @Override
        public void close() {}
    }

    /** Its word is under way whenever it is cancelled. */
    private record TooLate(Consumer<Entry> onDue) implements StopAlarm {
        @Override
        public void schedule(Entry entry) {}

        @Override
        public void cancel(Entry entry) {
            onDue.accept(entry);
        }

        @Override
        public void close() {}
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
