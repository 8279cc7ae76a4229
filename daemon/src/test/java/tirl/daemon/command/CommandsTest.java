package tirl.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommandsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Path FDS = Path.of("/proc/self/fd");

    @TempDir
    Path folder;

    private final List<Commands> started = new ArrayList<>();

    private Commands commands(CommandLimits limits) throws IOException {
        return commands(limits, PATIENCE);
    }

    private Commands commands(CommandLimits limits, Duration patience) throws IOException {
        Commands commands = new Commands(folder, limits, patience);
        started.add(commands);
        return commands;
    }

    @AfterEach
    void stop() {
        started.forEach(Commands::close);
    }

    private static Recorded run(Commands commands, String key, String text) {
        Recorded recorded = new Recorded();
        commands.run(key, text, recorded);
        return recorded;
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    @Test
    void command_runsInTheDirectoryWithNoInputAndTellsItsStatus() throws Exception {
        Recorded recorded = run(commands(CommandLimits.STANDARD), "a", "pwd; cat; echo problem >&2; exit 3");
        assertThat(recorded.awaitEnd()).isEqualTo("exit 3");
        assertThat(recorded.lines).containsExactly(folder.toRealPath().toString(), "problem");
    }

    @Test
    void command_hasTheEnvironmentAndASessionOfItsOwn() throws Exception {
        Recorded recorded =
                run(commands(CommandLimits.STANDARD), "a", "echo \"$PATH\"; echo $$; cut -d' ' -f6 /proc/$$/stat");
        assertThat(recorded.awaitEnd()).isEqualTo("exit 0");
        assertThat(recorded.lines.getFirst()).isEqualTo(System.getenv("PATH"));
        assertThat(recorded.lines.get(2)).isEqualTo(recorded.lines.get(1));
    }

    @Test
    void unknownProgram_reportsWhatTheShellSays() throws Exception {
        Recorded recorded = run(commands(CommandLimits.STANDARD), "a", "no-such-program-here --now");
        assertThat(recorded.awaitEnd()).isEqualTo("exit 127");
        assertThat(recorded.lines).singleElement().asString().contains("not found");
    }

    @Test
    void commandThatCannotBeStarted_saysWhy() throws Exception {
        assertThat(run(commands(CommandLimits.STANDARD), "a", "true \0").awaitEnd())
                .startsWith("refused: ");
        assertThat(run(commands(CommandLimits.STANDARD), "a", "x".repeat(200_000))
                        .awaitEnd())
                .startsWith("refused: ")
                .contains("too long");
    }

    @Test
    void longOutput_isBoundedAndDoesNotHoldUpTheCommand() throws Exception {
        Recorded recorded = run(commands(CommandLimits.STANDARD), "a", "yes 0123456789 | head -c 1000000");
        assertThat(recorded.awaitEnd()).isEqualTo("exit 0");
        assertThat(recorded.lines).hasSizeBetween(1400, 1500);
        assertThat(recorded.lines.getLast()).isEqualTo("(983616 further bytes of output are left out)");
    }

    @Test
    void controlCharactersInOutput_doNotReachTheLog() throws Exception {
        Recorded recorded = run(commands(CommandLimits.STANDARD), "a", "printf 'a\\033[31m\\rb\\n\\tc'");
        assertThat(recorded.awaitEnd()).isEqualTo("exit 0");
        assertThat(recorded.lines).containsExactly("a?[31m?b", "\tc");
    }

    @Test
    void commandsOfOneKey_runInOrderAndNeverAtOnce() throws Exception {
        Commands commands = commands(CommandLimits.STANDARD);
        List<Recorded> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            all.add(run(commands, "door 10.0.0.1", "mkdir busy && echo " + i + " >> order && rmdir busy"));
        }
        for (Recorded recorded : all) {
            assertThat(recorded.awaitEnd()).isEqualTo("exit 0");
        }
        assertThat(Files.readAllLines(folder.resolve("order")))
                .containsExactlyElementsOf(Stream.iterate(0, i -> i + 1)
                        .limit(30)
                        .map(Object::toString)
                        .toList());
    }

    @Test
    void commandsOfDifferentKeys_runAtOnce() throws Exception {
        Commands commands = commands(CommandLimits.STANDARD);
        // Each waits for the other.
        Recorded one = run(commands, "1", "touch one; until [ -e two ]; do sleep 0.01; done");
        Recorded two = run(commands, "2", "touch two; until [ -e one ]; do sleep 0.01; done");
        assertThat(one.awaitEnd()).isEqualTo("exit 0");
        assertThat(two.awaitEnd()).isEqualTo("exit 0");
    }

    @Test
    void moreThanTheCap_wait() throws Exception {
        Commands commands = commands(CommandLimits.STANDARD.withRunning(3));
        List<Recorded> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            all.add(run(commands, "k" + i, "touch run." + i + "; set -- run.*; echo $#; sleep 0.05; rm run." + i));
        }
        for (Recorded recorded : all) {
            assertThat(recorded.awaitEnd()).isEqualTo("exit 0");
            assertThat(Integer.parseInt(recorded.lines.getFirst())).isBetween(1, 3);
        }
    }

    @Test
    void fullQueue_refusesAndCounts() throws Exception {
        Commands commands = commands(new CommandLimits(1, 2, Optional.empty(), Duration.ofSeconds(5), 100));
        Recorded first = run(commands, "a", "touch begun; until [ -e go ]; do sleep 0.01; done");
        await(() -> Files.exists(folder.resolve("begun")));
        Recorded second = run(commands, "b", "true");
        Recorded third = run(commands, "c", "true");
        Recorded fourth = run(commands, "d", "true");
        assertThat(fourth.awaitEnd()).startsWith("refused: 2 commands wait already, 1 run at once");
        assertThat(commands.refused()).isEqualTo(1);
        Files.createFile(folder.resolve("go"));
        assertThat(List.of(first.awaitEnd(), second.awaitEnd(), third.awaitEnd()))
                .containsOnly("exit 0");
    }

    @Test
    void commandThatTakesTooLong_isEndedWithAllItStarted() throws Exception {
        Commands commands =
                commands(new CommandLimits(4, 10, Optional.of(Duration.ofMillis(300)), Duration.ofMillis(300), 1000));
        // The second sleeper has lost its parent, the third does not listen to TERM, the fourth left the group.
        String text = "sleep 300 & echo $!; (sleep 300 & echo $!); (trap '' TERM; sleep 300 & echo $!; sleep 300) &"
                + " setsid sleep 300 & echo $!; wait";
        Recorded recorded = run(commands, "a", text);
        assertThat(recorded.awaitEnd()).isIn("exit 143", "exit 137");
        assertThat(recorded.timedOut).isTrue();
        assertThat(recorded.lines).hasSize(4);
        for (String pid : recorded.lines) {
            await(() -> ProcessHandle.of(Long.parseLong(pid)).isEmpty());
        }
    }

    @Test
    void processLeftInTheBackground_neitherDelaysTheEndNorDiesWhenItWrites() throws Exception {
        Recorded recorded = run(
                commands(CommandLimits.STANDARD),
                "a",
                "(until [ -e go ]; do sleep 0.01; done; echo late; echo late; touch survived) & echo started");
        assertThat(recorded.awaitEnd()).isEqualTo("exit 0");
        assertThat(recorded.lines).containsExactly("started");
        Files.createFile(folder.resolve("go"));
        await(() -> Files.exists(folder.resolve("survived")));
        assertThat(recorded.lines).containsExactly("started");
    }

    @Test
    void fiveHundredCommands_leaveNoDescriptorAndNoZombie() throws Exception {
        Commands commands = commands(CommandLimits.STANDARD);
        assertThat(run(commands, "warm", "true").awaitEnd()).isEqualTo("exit 0");
        int before = openFiles();
        List<Recorded> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            all.add(run(commands, "k" + i, "echo " + i));
        }
        for (int i = 0; i < 500; i++) {
            assertThat(all.get(i).awaitEnd()).isEqualTo("exit 0");
            assertThat(all.get(i).lines).containsExactly(Integer.toString(i));
        }
        await(() -> openFiles() <= before);
        await(() -> ProcessHandle.current().children().findAny().isEmpty());
    }

    @Test
    void close_waitsForWhatRunsAndWhatWaits() throws Exception {
        Commands commands = commands(CommandLimits.STANDARD.withRunning(1));
        Recorded start = run(commands, "a", "sleep 0.2");
        Recorded stop = run(commands, "a", "touch stopped");
        commands.close();
        assertThat(start.hasEnded()).isTrue();
        assertThat(stop.hasEnded()).isTrue();
        assertThat(folder.resolve("stopped")).exists();
        assertThat(run(commands, "a", "true").awaitEnd()).startsWith("refused: commands are no longer run");
    }

    @Test
    void closeWithoutPatience_tellsWhatDidNotRun() throws Exception {
        Commands commands = commands(CommandLimits.STANDARD, Duration.ofMillis(50));
        Recorded slow = run(commands, "a", "touch begun; until [ -e go ]; do sleep 0.01; done");
        await(() -> Files.exists(folder.resolve("begun")));
        Recorded waiting = run(commands, "a", "touch never");
        commands.close();
        assertThat(waiting.awaitEnd()).startsWith("refused: the daemon stopped");
        assertThat(slow.hasEnded()).isFalse();
        Files.createFile(folder.resolve("go"));
        assertThat(slow.awaitEnd()).isEqualTo("exit 0");
        assertThat(folder.resolve("never")).doesNotExist();
    }

    private static int openFiles() {
        try (Stream<Path> fds = Files.list(FDS)) {
            return (int) fds.count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
