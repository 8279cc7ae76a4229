package tirl.daemon.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;
import tirl.daemon.store.Flushers;
import tirl.daemon.store.Store;
import tirl.linux.libc.Libc;
import tirl.packet.Packet;

/** Kills a program that uses the journal, with SIGKILL, at many moments, and looks at what is left. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JournalCrashTest {
    private static final int KILLS = 110;
    private static final long SEED = 20261121;

    @TempDir
    Path folder;

    /** What the program is known to have done. */
    private static final class Told {
        final Set<Long> open;
        /** Being shut when it died: may be pending or not. */
        final Set<Long> either = new HashSet<>();

        Told(Set<Long> left) {
            open = new TreeSet<>(left);
        }

        void line(String line) {
            assertThat(line).doesNotStartWith("warning");
            String[] words = line.split(" ", -1);
            if (words.length != 2) {
                return;
            }
            long id = Long.parseLong(words[1]);
            switch (words[0]) {
                case "open" -> open.add(id);
                case "shutting" -> {
                    open.remove(id);
                    either.add(id);
                }
                default -> either.remove(id);
            }
        }
    }

    @Test
    void killedAtAnyMoment_knowsEachOpenDoorOnce() throws Exception {
        Random random = new Random(SEED);
        Path directory = folder.resolve("journal");
        Set<Long> left = new TreeSet<>();
        for (int kill = 0; kill < KILLS; kill++) {
            // Every fifth may come as far as to move its log into its tables once or twice.
            int lines = random.nextInt(1, kill % 5 == 0 ? 800 : 60);
            Told told = new Told(left);
            runAndKill(directory, told, lines, random.nextLong(), random.nextInt(200_000));
            try (Store store = new Store(directory, System::nanoTime, _ -> {})) {
                DueJournal journal = new DueJournal(store, Flushers.INLINE, directory, _ -> {});
                List<Long> pending = new ArrayList<>();
                journal.pending().forEach(entry -> pending.add(entry.id()));
                assertThat(pending).as("kill %d", kill).doesNotHaveDuplicates().containsAll(told.open);
                Set<Long> unexpected = new TreeSet<>(pending);
                unexpected.removeAll(told.open);
                unexpected.removeAll(told.either);
                // One more may be on disk of which the program could not tell.
                assertThat(unexpected).as("kill %d", kill).hasSizeLessThan(2);
                left = new TreeSet<>(pending);
            }
        }
    }

    private static void runAndKill(Path directory, Told told, int lines, long seed, int spinNanos) throws IOException {
        Process process = new ProcessBuilder(command(directory, seed))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader reader = process.inputReader()) {
            String line = reader.readLine();
            for (int i = 0; line != null && i < lines; i++) {
                told.line(line);
                line = reader.readLine();
            }
            for (long start = System.nanoTime(); System.nanoTime() - start < spinNanos; ) {
                Thread.onSpinWait();
            }
            // By its handle, because Process.destroyForcibly also throws away what is not read yet.
            process.toHandle().destroyForcibly();
            // What it had written before it died counts too.
            for (; line != null; line = reader.readLine()) {
                told.line(line);
            }
        } finally {
            process.destroyForcibly();
        }
        Process _ = process.onExit().join();
    }

    private static List<String> command(Path directory, long seed) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-Xshare:auto",
                // Who is killed leaves the unpacked library behind.
                "-Dorg.sqlite.tmpdir=" + directory.getParent(),
                "-cp",
                String.join(
                        ":",
                        Path.of("target", "test-classes").toAbsolutePath().toString(),
                        origin(DueJournal.class),
                        origin(Libc.class),
                        origin(JDBC.class),
                        origin(Packet.class)),
                JournalLoop.class.getName(),
                directory.toString(),
                Long.toString(seed));
    }

    private static String origin(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .toString();
    }
}
