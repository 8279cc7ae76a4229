package tirl.client.spa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tirl.spa.GateKeys;

class CounterTest {
    /** The beginning of an epoch. */
    private static final long NOW_MS = 2_999_999L * GateKeys.EPOCH_MS;

    @TempDir
    private Path directory;

    @Test
    void numbers_beginAtOne_andGoOnAfterARestart() throws IOException {
        counter().begin(NOW_MS);
        assertThat(counter().next(NOW_MS)).isEqualTo(new Ticket(1, GateKeys.epochOf(NOW_MS), true));
        assertThat(counter().next(NOW_MS).counter()).isEqualTo(2);
        counter().begin(NOW_MS);
        assertThat(counter().next(NOW_MS).counter()).isEqualTo(3);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void lostState_goesOnPastAllThatWasUsed() throws IOException {
        assertThat(counter().next(NOW_MS).counter()).isEqualTo(NOW_MS / 1000 * 65_536 + 1);
        assertThat(counter().next(NOW_MS).counter()).isEqualTo(NOW_MS / 1000 * 65_536 + 2);
    }

    @Test
    void doubt_goesPastAllThatWasUsed_once() throws IOException {
        counter().begin(NOW_MS);
        counter().next(NOW_MS);
        long past = NOW_MS / 1000 * 65_536;
        assertThat(counter().nextInDoubt(NOW_MS).counter()).isBetween(past + 1, past + 16);
        assertThat(counter().next(NOW_MS).counter()).isBetween(past + 2, past + 17);
    }

    /** Whatever of the last write is missing, no number comes again. */
    @Test
    void tornWrite_repeatsNoNumber() throws IOException {
        counter().begin(NOW_MS);
        for (int round = 1; round <= 2 * CounterState.LENGTH; round++) {
            long last = counter().next(NOW_MS).counter();
            byte[] before = Files.readAllBytes(file());
            byte[] torn = before.clone();
            counter().next(NOW_MS);
            byte[] after = Files.readAllBytes(file());
            int at = Arrays.mismatch(before, after) / CounterState.LENGTH * CounterState.LENGTH;
            int cut = at + round % CounterState.LENGTH;
            System.arraycopy(after, at, torn, at, cut - at);
            Files.write(file(), torn);

            assertThat(counter().next(NOW_MS).counter()).isGreaterThan(last);
        }
    }

    @Test
    void damagedFile_isLostState() throws IOException {
        Files.writeString(file(), "7 7 7\n");
        assertThat(counter().next(NOW_MS).counter()).isGreaterThan(1L << 40);
        assertThat(counter().next(NOW_MS).counter()).isGreaterThan(1L << 40);
    }

    /** 16 of this epoch, then what its neighbours have left, which the server's table has too. */
    @Test
    void tokens_areTakenOnce() throws IOException {
        counter().begin(NOW_MS);
        Set<String> tokens = new HashSet<>();
        for (int i = 0; i < 3 * GateKeys.SLOTS; i++) {
            Ticket ticket = counter().next(NOW_MS);
            assertThat(ticket.fresh()).isTrue();
            assertThat(ticket.epoch() - GateKeys.epochOf(NOW_MS)).isBetween(-1L, 1L);
            assertThat(tokens.add(ticket.epoch() + "/" + GateKeys.slotOf(ticket.counter())))
                    .isTrue();
        }
        assertThat(counter().next(NOW_MS).fresh()).isFalse();
        // Of the next epoch's tokens all are taken; those of the one after it are not.
        Ticket later = counter().next(NOW_MS + GateKeys.EPOCH_MS);
        assertThat(later.fresh()).isTrue();
        assertThat(later.epoch()).isEqualTo(GateKeys.epochOf(NOW_MS) + 2);
        assertThat(counter().next(NOW_MS + 3 * GateKeys.EPOCH_MS).fresh()).isTrue();
    }

    /** In the last part of an epoch a server whose clock is ahead has forgotten the one before. */
    @Test
    void lateInAnEpoch_theNextOnesTokensComeFirst() throws IOException {
        long late = NOW_MS + GateKeys.EPOCH_MS - 1;
        counter().begin(late);
        for (int i = 0; i < GateKeys.SLOTS; i++) {
            counter().next(late);
        }
        assertThat(counter().next(late).epoch()).isEqualTo(GateKeys.epochOf(late) + 1);
    }

    @Test
    void clockSetBack_isNoTrouble() throws IOException {
        counter().begin(NOW_MS);
        counter().next(NOW_MS);
        assertThat(counter().next(NOW_MS - 10 * GateKeys.EPOCH_MS))
                .isEqualTo(new Ticket(2, GateKeys.epochOf(NOW_MS) - 10, true));
    }

    @Test
    void fileThatCannotBeWritten_sendsNothing() {
        Counter nowhere = new Counter(directory.resolve("nowhere/gate.counter"));
        assertThatThrownBy(() -> nowhere.next(NOW_MS))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nowhere/gate.counter")
                .hasMessageContaining("make the file writable");
    }

    @Test
    void processesAtOnce_neverTakeOneNumberTwice() throws Exception {
        counter().begin(NOW_MS);
        List<Process> processes = List.of(taker(100), taker(100), taker(100));
        List<Long> numbers = new ArrayList<>();
        for (Process process : processes) {
            numbers.addAll(numbers(process));
            assertThat(process.waitFor()).isZero();
        }
        assertThat(numbers).hasSize(300).doesNotHaveDuplicates();
        assertThat(counter().next(NOW_MS).counter())
                .isGreaterThan(numbers.stream().max(Long::compare).orElseThrow());
    }

    /** Killed at some moment of a write, again and again: what was given out before is never given out again. */
    @Test
    void killedProcess_repeatsNoNumber() throws Exception {
        counter().begin(NOW_MS);
        for (int i = 0; i < 5; i++) {
            Process process = taker(1_000_000);
            try (BufferedReader lines = process.inputReader()) {
                long last = 0;
                for (int n = 0; n < 20 + i; n++) {
                    last = Long.parseLong(lines.readLine());
                }
                process.toHandle().destroyForcibly();
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    last = line.matches("\\d+") ? Math.max(last, Long.parseLong(line)) : last;
                }
                process.waitFor();
                assertThat(counter().next(NOW_MS).counter()).isGreaterThan(last);
            }
        }
    }

    private Process taker(int count) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path") + ":" + System.getProperty("jdk.module.path", ""),
                        CounterProgram.class.getName(),
                        file().toString(),
                        Integer.toString(count))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static List<Long> numbers(Process process) throws IOException {
        try (BufferedReader lines = process.inputReader()) {
            return lines.lines().map(Long::parseLong).toList();
        }
    }

    private Path file() {
        return directory.resolve("gate.counter");
    }

    private Counter counter() {
        return new Counter(file());
    }
}
