package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tirl import fwknop}: what it makes of 2.6 and of 1.9 is served, behind a firewall that drops as theirs did. */
@Tag("netns")
class FwknopImportTest {
    private static final Path CONFIGS = ConventionsTest.REPOSITORY.resolve("testdata/configs/fwknop/import");
    private static final String FIREWALL = """
            table inet host {
              chain input {
                type filter hook input priority filter; policy drop;
                iif lo accept; ct state established accept; meta l4proto { icmp, ipv6-icmp } accept;
              }
            }""";

    @TempDir
    private Path folder = Path.of("/nonexistent");

    @Test
    void filesOf26_stay_andTheRealClientGetsIn_untilItsTimeIsOver() throws IOException {
        Path directory = copy("2.6");
        String imported = imported(directory, "KEY_BASE64 stays here: no key is copied", "dropped: EMAIL_ADDRESSES");

        try (Network network = Network.create();
                EchoService _ = EchoService.listen(network.server(), Site.SSH)) {
            network.server().nft(FIREWALL);
            try (TirlProcess tirl = TirlProcess.start(network.server(), List.of("srv0"), imported)) {
                Client client = network.client();
                String server = network.wire().serverIpv4();
                assertThat(client.reach(server, Site.SSH, Site.PROBE)).isEqualTo(Reach.SILENT);

                client.run(
                                "fwknop",
                                "--no-save-args",
                                "--no-rc-file",
                                "-A",
                                "tcp/22",
                                "-a",
                                client.ipv4(),
                                "-D",
                                server,
                                "--key-base64-rijndael",
                                key(directory, "KEY_BASE64"),
                                "--key-base64-hmac",
                                key(directory, "HMAC_KEY_BASE64"))
                        .orThrow();

                opensAndShuts(tirl, client, server);
                assertThat(tirl.log() + imported).doesNotContain(key(directory, "KEY_BASE64"));
            }
        }
    }

    private static String key(Path directory, String name) throws IOException {
        return Files.readAllLines(directory.resolve("keys.conf")).stream()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void sequenceOf19_isADoor_andItsMailComesOnOpenAndOnClose() throws IOException {
        String imported = imported(copy("1.9"), "converted: EMAIL_ADDRESSES", "converted: sequence = [\"tcp/7004\"")
                // Of the lab: another port than 25, and mails one after the other.
                .replace(
                        "security = \"none\"\n",
                        "security = \"none\"\nport = " + SmtpServer.PORT + "\ndigest = \"1s\"\n");

        try (Network network = Network.create();
                EchoService _ = EchoService.listen(network.server(), Site.SSH);
                SmtpServer mail = SmtpServer.start(network.server(), folder, "none")) {
            network.server().nft(FIREWALL);
            try (TirlProcess tirl = TirlProcess.start(network.server(), List.of("any"), imported)) {
                Client client = network.client();
                String server = network.wire().serverIpv4();
                client.run("knock", "-d", "20", server, "7004:tcp", "7001:tcp", "8009:udp")
                        .orThrow();
                assertThat(client.reach(server, Site.SSH, Site.PROBE)).isEqualTo(Reach.SILENT);

                client.run("knock", "-d", "20", server, "7004:tcp", "8009:udp", "7001:tcp")
                        .orThrow();

                opensAndShuts(tirl, client, server);
                List<String> mails = mail.awaitMails(2, tirl);
                assertThat(mails.getFirst())
                        .startsWith("tirl@gate.example.org ops@example.org,root@localhost ")
                        .contains("fwknop-1 opened for " + client.ipv4());
                assertThat(mails.get(1)).contains("fwknop-1 expired for " + client.ipv4());
            }
        }
    }

    private static void opensAndShuts(TirlProcess tirl, Client client, String server) {
        Await.until(() -> "ssh opens; " + tirl.log(), Site.SOON, () -> client.connects(server, Site.SSH, Site.PROBE));
        Await.until(
                () -> "ssh shuts; " + tirl.log(),
                Site.SOON.plus(Site.SOON),
                () -> client.reach(server, Site.SSH, Site.PROBE) == Reach.SILENT);
    }

    /** The files, for their owner only as they would be. */
    private Path copy(String version) throws IOException {
        Path directory = Files.createDirectory(folder.resolve(version));
        try (Stream<Path> files = Files.list(CONFIGS.resolve(version))) {
            for (Path file : files.toList()) {
                Path copy = directory.resolve(Objects.requireNonNull(file.getFileName()));
                Files.copy(file, copy);
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
            }
        }
        return directory;
    }

    /**
     * Imports a directory, has the result checked, and leaves out the interfaces, which the lab's daemon writes itself.
     *
     * @param report what has to be in the report
     */
    private String imported(Path directory, String... report) throws IOException {
        Path file = folder.resolve("tirl.toml");
        Output done = run("import", "fwknop", directory.toString(), "-o", file.toString());
        assertThat(done.orThrow().err()).contains(report);
        assertThat(run("check", file.toString()).orThrow().out()).contains("good");
        return Files.readString(file).replaceFirst("(?s)^.*?\ninterfaces = [^\n]*\n", "");
    }

    private static Output run(String... words) {
        return Command.run(
                Namespace.SOON,
                Stream.concat(Stream.of(TirlProcess.launcher()), Stream.of(words))
                        .toList());
    }
}
