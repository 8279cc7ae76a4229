package tirl.daemon.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tirl.linux.libc.Libc;
import tirl.packet.Packet;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BackgroundTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    private int detach(Duration patience, String... words) throws IOException, InterruptedException {
        return Background.detach(List.of(words), patience, new PrintStream(shown, true, StandardCharsets.UTF_8));
    }

    @Test
    void program_detachesAndItsParentEndsWhenItIsReady() throws Exception {
        Path told = folder.resolve("told");
        Process parent = start(told.toString(), "ready", "two words");
        String output = new String(parent.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // The pipe at its end and the parent gone: the daemon holds none of the standard streams.
        assertThat(parent.waitFor()).isZero();
        assertThat(output).isEqualTo("starting two words\n");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (Files.notExists(told) && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
        List<String> lines = Files.readAllLines(told);
        ProcessHandle daemon =
                ProcessHandle.of(Long.parseLong(lines.getFirst())).orElseThrow();
        assertThat(daemon.destroyForcibly()).isTrue();
        assertThat(lines.get(1)).as("session").isEqualTo(lines.getFirst());
        assertThat(lines.subList(2, 6)).containsExactly("/", "/dev/null", "/dev/null", "/dev/null");
        ProcessHandle _ = daemon.onExit().get(20, TimeUnit.SECONDS);
    }

    @Test
    void programThatCannotStart_showsWhyAndGivesItsCode() throws Exception {
        Process parent = start(folder.resolve("told").toString(), "fail", "x");
        assertThat(new String(parent.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("starting x\n", "could not open eth9: no such interface\n");
        assertThat(parent.waitFor()).isEqualTo(7);
    }

    @Test
    void childThatEndsSilently_givesItsCode() throws Exception {
        assertThat(detach(PATIENCE, "/bin/sh", "-c", "echo $0; exit 5", "hello"))
                .isEqualTo(5);
        assertThat(shown.toString(StandardCharsets.UTF_8)).isEqualTo("hello\n");
    }

    @Test
    void childThatIsNeverReady_isEnded() {
        Path pid = folder.resolve("pid");
        assertThatThrownBy(
                        () -> detach(Duration.ofMillis(500), "/bin/sh", "-c", "echo $$ > " + pid + "; exec sleep 300"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not get ready");
        assertThat(pid)
                .exists()
                .content()
                .satisfies(text -> ProcessHandle.of(Long.parseLong(text.strip()))
                        .ifPresent(child -> assertThat(child.onExit()
                                        .completeOnTimeout(child, 20, TimeUnit.SECONDS)
                                        .join()
                                        .isAlive())
                                .isFalse()));
    }

    @Test
    void readyOutsideAChild_changesNothing() throws IOException {
        assertThat(Background.isChild()).isFalse();
        Background.ready();
        assertThat(Path.of("/proc/self/cwd").toRealPath()).isEqualTo(Path.of("").toRealPath());
    }

    private static Process start(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                String.join(
                        ":",
                        // Relative, to see that the child still finds it.
                        Path.of("target", "test-classes").toString(),
                        origin(Background.class),
                        origin(Libc.class),
                        origin(Packet.class)),
                Child.class.getName());
        builder.command().addAll(List.of(arguments));
        Process parent = builder.redirectErrorStream(true).start();
        parent.getOutputStream().close();
        return parent;
    }

    private static String origin(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .toString();
    }
}
