package tirl.daemon.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tirl.daemon.store.Flushable;
import tirl.daemon.store.Flushers;
import tirl.daemon.store.Store;
import tirl.daemon.store.StoreException;

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

    /** A daemon's life: its store and journal, closed together. */
    private record Life(Store store, DueJournal journal) implements AutoCloseable {
        @Override
        public void close() {
            store.close();
        }
    }

    private Life load() {
        Store store = new Store(directory, System::nanoTime, warnings::add);
        return new Life(store, new DueJournal(store, Flushers.INLINE, directory, warnings::add));
    }

    private List<Entry> reloaded() {
        try (Life life = load()) {
            return life.journal().pending();
        }
    }

    @Test
    void openEntry_isPendingAfterARestart() throws StoreException {
        Entry entry;
        try (Life life = load()) {
            DueJournal journal = life.journal();
            entry = journal.open("open SSH\n%", "2001:db8::1", "iptables -D INPUT -s %IP% # ü\n", DUE);
            assertThat(entry.due()).isEqualTo(DUE);
            assertThat(journal.pending()).containsExactly(entry);
        }
        assertThat(reloaded()).containsExactly(entry);
        assertThat(warnings).isEmpty();
    }

    @Test
    void doneEntry_isNotPending() throws StoreException {
        Entry second;
        try (Life life = load()) {
            DueJournal journal = life.journal();
            Entry first = journal.open("a", "10.0.0.1", "x", DUE);
            second = journal.open("a", "10.0.0.1", "x", DUE);
            journal.done(first);
            journal.done(first);
            assertThat(journal.pending()).containsExactly(second);
        }
        assertThat(reloaded()).containsExactly(second);
    }

    @Test
    void extendedEntry_hasTheNewTime() throws StoreException {
        try (Life life = load()) {
            DueJournal journal = life.journal();
            Entry entry = journal.open("a", "10.0.0.1", "x", DUE);
            journal.extend(entry, DUE.plusSeconds(60));
            journal.extend(new Entry(99, "a", "b", "c", DUE), DUE);
        }
        assertThat(reloaded()).singleElement().extracting(Entry::due).isEqualTo(DUE.plusSeconds(60));
    }

    @Test
    void entriesOfAStoreInTrouble_areToldWhenItCanBeRead() throws Exception {
        Entry entry;
        try (Life life = load()) {
            entry = life.journal().open("a", "10.0.0.1", "x", DUE);
        }
        Path aside = Files.move(directory, folder.resolve("aside"));
        Files.writeString(directory, "not a directory");
        AtomicLong nanos = new AtomicLong();
        List<Entry> late = new ArrayList<>();
        try (Store store = new Store(directory, nanos::get, warnings::add)) {
            DueJournal journal = new DueJournal(store, Flushers.INLINE, directory, warnings::add);
            assertThat(journal.pending(late::addAll)).isEmpty();
            assertThat(warnings).hasSize(1);

            Files.delete(directory);
            Files.move(aside, directory);
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            assertThat(journal.flush()).isEqualTo(Flushable.Outcome.DONE);
            assertThat(late).containsExactly(entry);
            assertThat(journal.pending()).containsExactly(entry);
        }
    }

    @Test
    void idsAfterARestart_areNotThoseOfPendingEntries() throws StoreException {
        Entry old;
        try (Life life = load()) {
            DueJournal journal = life.journal();
            old = journal.open("a", "10.0.0.1", "x", DUE);
        }
        try (Life life = load()) {
            DueJournal journal = life.journal();
            assertThat(journal.open("a", "10.0.0.2", "x", DUE).id()).isGreaterThan(old.id());
            assertThat(journal.pending()).hasSize(2);
        }
    }

    private static final String TEXT = """
            %s
            12345678 open 9 17700
            %s
            %s
            """.formatted(
                    new Line.Open(new Entry(1, "open SSH", "10.0.0.1", "stop 1", DUE)).text(),
                    new Line.Open(new Entry(2, "a", "10.0.0.2", "stop 2", DUE)).text(),
                    new Line.Done(1).text());

    @Test
    void textJournalOfAnOldVersion_isTakenOverOnceAndRemoved() throws Exception {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(file, TEXT);

        assertThat(reloaded()).containsExactly(new Entry(2, "a", "10.0.0.2", "stop 2", DUE));
        assertThat(warnings).singleElement().asString().contains("due:2: this line is damaged");
        assertThat(file).doesNotExist();

        // As after a crash between taking over and removing: not once more.
        try (Life life = load()) {
            life.journal().done(life.journal().pending().getFirst());
        }
        Files.writeString(file, TEXT);
        assertThat(reloaded()).isEmpty();
        assertThat(file).doesNotExist();
    }

    @Test
    void manyThreads_loseNothing() throws Exception {
        List<Thread> threads = new ArrayList<>();
        try (Life life = load()) {
            DueJournal journal = life.journal();
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
        try (Life life = load()) {
            DueJournal journal = life.journal();
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
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }
}
