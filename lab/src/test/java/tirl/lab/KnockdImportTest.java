package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code tirl import knockd}: from the configurations that people publish to one that {@code tirl serve} serves. */
@Tag("netns")
class KnockdImportTest {
    private static final Path CONFIGS = ConventionsTest.REPOSITORY.resolve("testdata/configs/knockd/import");

    @ParameterizedTest
    @MethodSource("configs")
    void publishedConfiguration_isImportedAndChecked(Path config) throws IOException {
        Path imported = Files.createTempFile("tl", ".toml");
        try {
            Output result = run("import", "knockd", config.toString()).orThrow();
            Files.writeString(imported, result.out());

            assertThat(result.out()).contains("[[door]]");
            run("check", imported.toString()).orThrow();

            Files.delete(imported); // what is there is never written over
            run("import", "knockd", config.toString(), "-o", imported.toString())
                    .orThrow();
            assertThat(Files.readString(imported)).isEqualTo(result.out());
        } finally {
            Files.delete(imported);
        }
    }

    static Stream<Path> configs() throws IOException {
        try (Stream<Path> files = Files.list(CONFIGS)) {
            return files.sorted().toList().stream();
        }
    }

    /** Everything that was not taken over is said, with its line; nobody has to compare two files by eye. */
    @Test
    void report_namesWhatIsNotTakenOver() {
        Output result = run(
                        "import", "knockd", CONFIGS.resolve("script-door.conf").toString())
                .orThrow();

        assertThat(result.err()).contains("notify");
    }

    @Test
    void unreadableFile_isRefusedWithKnockdsMessage() throws IOException {
        Path bad = Files.createTempFile("tl", ".conf");
        try {
            Files.writeString(bad, "[d]\nsequence = 7000\nnonsense = 1\n");

            Output result = run("import", "knockd", bad.toString());

            assertThat(result.succeeded()).isFalse();
            assertThat(result.err()).contains("line 3").doesNotContain("Exception");
        } finally {
            Files.delete(bad);
        }
    }

    @Test
    void importedDoor_opensAsALease() throws IOException {
        String imported = run(
                        "import", "knockd", CONFIGS.resolve("ssh-timed.conf").toString())
                .orThrow()
                .out();
        Path directory = Files.createTempDirectory("tl");
        Path file = directory.resolve("tirl.toml");
        // The interface of the lab and a socket of our own; all else as it was imported.
        String here = imported.replaceAll("(?m)^interfaces = .*$", "interfaces = [\"srv0\"]")
                .replaceAll("(?m)^control = .*\\n", "")
                .replaceFirst(
                        "(?m)^\\[daemon]$",
                        "[daemon]\ncontrol = \"" + directory.resolve("control.sock") + "\"\nstate = \""
                                + directory.resolve("state") + "\"");
        Files.writeString(file, here);
        try (Network network = Network.create();
                EchoService _ = EchoService.listen(network.server(), Site.SSH);
                Background serve = network.server().start(TirlProcess.launcher(), "serve", "-c", file.toString())) {
            Await.until(
                    () -> "ready; " + serve.err() + here,
                    KnockDaemon.START_LIMIT,
                    () -> serve.err().contains(" ready: "));
            Client client = network.client();
            String server = network.wire().serverIpv4();
            assertThat(client.reach(server, Site.SSH, Site.PROBE)).isEqualTo(Reach.SILENT);

            client.syns(server, Site.PACE, 7000, 8000, 9000);

            Await.until(
                    () -> "ssh opens; " + serve.err(), Site.SOON, () -> client.connects(server, Site.SSH, Site.PROBE));
            Output leases = network.server().run(TirlProcess.launcher(), "leases", "-c", file.toString());
            assertThat(leases.orThrow().out()).contains(client.ipv4());
            // Cmd_Timeout is the lease's time.
            Await.until(
                    "ssh shuts",
                    Site.SOON.plus(Site.SOON),
                    () -> client.reach(server, Site.SSH, Site.PROBE) == Reach.SILENT);
        } finally {
            Command.run(Namespace.SOON, List.of("rm", "-r", directory.toString()))
                    .orThrow();
        }
    }

    private static Output run(String... words) {
        return Command.run(
                Namespace.SOON,
                Stream.concat(Stream.of(TirlProcess.launcher()), Stream.of(words))
                        .toList());
    }
}
