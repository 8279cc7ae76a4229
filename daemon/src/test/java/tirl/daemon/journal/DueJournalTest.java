package tirl.daemon.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DueJournalTest {
    private static final Instant DUE = Instant.parse("2026-02-03T04:05:06.789Z");

    @TempDir
    Path folder;

    private Path directory = Path.of("/");
    private Path file = Path.of("/");
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void name() {
        directory = folder.resolve("state").resolve("tirl");
        file = directory.resolve("due");
    }

    private DueJournal load() throws JournalException {
        return DueJournal.load(directory, warnings::add);
    }

    private List<Entry> reloaded() throws JournalException {
        try (DueJournal journal = load()) {
            return journal.pending();
        }
    }

    @Test
    void openEntry_isPendingAfterARestart() throws JournalException {
        Entry entry;
        try (DueJournal journal = load()) {
            entry = journal.open("open SSH\n%", "2001:db8::1", "iptables -D INPUT -s %IP% # ü\n", DUE);
            assertThat(entry.due()).isEqualTo(DUE);
            assertThat(journal.pending()).containsExactly(entry);
        }
        assertThat(reloaded()).containsExactly(entry);
        assertThat(warnings).isEmpty();
    }

    @Test
    void doneEntry_isNotPending() throws JournalException {
        Entry second;
        try (DueJournal journal = load()) {
            Entry first = journal.open("a", "10.0.0.1", "x", DUE);
            second = journal.open("a", "10.0.0.1", "x", DUE);
            journal.done(first);
            journal.done(first);
            assertThat(journal.pending()).containsExactly(second);
        }
        assertThat(reloaded()).containsExactly(second);
    }

    @Test
    void extendedEntry_hasTheNewTime() throws JournalException {
        try (DueJournal journal = load()) {
            Entry entry = journal.open("a", "10.0.0.1", "x", DUE);
            journal.extend(entry, DUE.plusSeconds(60));
            journal.extend(new Entry(99, "a", "b", "c", DUE), DUE);
        }
        assertThat(reloaded()).singleElement().extracting(Entry::due).isEqualTo(DUE.plusSeconds(60));
    }

    @Test
    void idsAfterARestart_areNotThoseOfPendingEntries() throws JournalException {
        Entry old;
        try (DueJournal journal = load()) {
            old = journal.open("a", "10.0.0.1", "x", DUE);
        }
        try (DueJournal journal = load()) {
            assertThat(journal.open("a", "10.0.0.2", "x", DUE).id()).isGreaterThan(old.id());
            assertThat(journal.pending()).hasSize(2);
        }
    }

    @Test
    void tornLastLine_isReportedAndSkipped() throws Exception {
        Entry whole;
        try (DueJournal journal = load()) {
            whole = journal.open("a", "10.0.0.1", "x", DUE);
        }
        Files.writeString(file, "12345678 open 2 17700", StandardOpenOption.APPEND);
        try (DueJournal journal = load()) {
            assertThat(journal.pending()).containsExactly(whole);
            assertThat(warnings).singleElement().asString().contains("due:2: this line is damaged");
            Entry next = journal.open("b", "10.0.0.2", "y", DUE);
            assertThat(journal.pending()).containsExactly(whole, next);
        }
        assertThat(reloaded()).hasSize(2);
        assertThat(warnings).hasSize(1);
    }

    @Test
    void everyDamagedByte_costsAtMostItsLine() throws Exception {
        try (DueJournal journal = load()) {
            for (int i = 0; i < 3; i++) {
                Entry _ = journal.open("door" + i, "10.0.0.1", "stop " + i, DUE);
            }
        }
        byte[] good = Files.readAllBytes(file);
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 0x15;
            Files.write(file, bad);
            // A damaged line end costs the two lines that it parted.
            assertThat(reloaded()).hasSizeBetween(good[at] == '\n' ? 1 : 2, 2);
        }
    }

    @Test
    void fileCutAnywhere_keepsTheLinesBefore() throws Exception {
        try (DueJournal journal = load()) {
            for (int i = 0; i < 3; i++) {
                Entry _ = journal.open("door" + i, "10.0.0.1", "stop " + i, DUE);
            }
        }
        String good = Files.readString(file);
        for (int length = 0; length <= good.length(); length++) {
            String cut = good.substring(0, length);
            Files.writeString(file, cut);
            int wholeLines = (int) cut.chars().filter(c -> c == '\n').count();
            boolean onlyItsEndIsMissing = length < good.length() && good.charAt(length) == '\n';
            assertThat(reloaded()).hasSize(onlyItsEndIsMissing ? wholeLines + 1 : wholeLines);
        }
    }

    @Test
    void manyDoneEntries_doNotLetTheFileGrow() throws Exception {
        Entry kept;
        try (DueJournal journal = load()) {
            kept = journal.open("kept", "10.0.0.1", "x", DUE);
            for (int i = 0; i < 1000; i++) {
                journal.done(journal.open("a", "10.0.0.1", "x", DUE));
            }
            assertThat(Files.readAllLines(file)).hasSizeLessThan(260);
        }
        assertThat(reloaded()).containsExactly(kept);
        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    @Test
    void secondDaemon_isRefused() throws JournalException {
        try (DueJournal _ = load()) {
            assertThatThrownBy(this::load)
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("in use by another daemon");
        }
        assertThat(reloaded()).isEmpty();
    }

    @Test
    void directoryAndFile_areForTheOwnerOnly() throws Exception {
        assertThat(reloaded()).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwx---"));
        assertThatThrownBy(this::load).isInstanceOf(JournalException.class).hasMessageContaining("mode 0700");
    }

    @Test
    void unusableDirectory_isAClearError() throws IOException {
        Files.createFile(folder.resolve("state"));
        assertThatThrownBy(this::load)
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("needs a directory");
    }

    @Test
    void manyThreads_loseNothing() throws Exception {
        List<Thread> threads = new ArrayList<>();
        try (DueJournal journal = load()) {
            for (int t = 0; t < 8; t++) {
                int number = t;
                threads.add(Thread.ofPlatform().start(() -> openAndShut(journal, number)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(journal.pending()).hasSize(8 * 50);
        }
        assertThat(reloaded()).hasSize(8 * 50);
        assertThat(warnings).isEmpty();
    }

    @Test
    void interruptedCaller_doesNotCloseTheJournalForOthers() throws Exception {
        try (DueJournal journal = load()) {
            Thread interrupted = Thread.ofPlatform().start(() -> {
                Thread.currentThread().interrupt();
                openAndShut(journal, 0);
            });
            interrupted.join();
            Entry _ = journal.open("after", "10.0.0.1", "x", DUE);
            assertThat(journal.pending()).hasSize(51);
        }
        assertThat(reloaded()).hasSize(51);
    }

    private static void openAndShut(DueJournal journal, int thread) {
        try {
            for (int i = 0; i < 100; i++) {
                Entry entry = journal.open("door " + thread, "10.0.0." + i, "stop", DUE);
                if (i % 2 == 0) {
                    journal.done(entry);
                }
            }
        } catch (JournalException e) {
            throw new IllegalStateException(e);
        }
    }
}
