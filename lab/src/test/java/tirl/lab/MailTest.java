package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts by e-mail, taken by a real mail server. */
@Tag("netns")
class MailTest {
    private static final Pattern EXTENDED = Pattern.compile("(?m)^Subject: .*?([0-9,]+) extended");
    private static final String PASSWORD = "correct horse";

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private Path password = Path.of("/nonexistent");
    private Network network;
    private Namespace host;

    @BeforeEach
    void makeHost() throws IOException {
        network = Network.create();
        host = network.server();
        SmtpServer.makeCertificate(folder, "localhost");
        password = folder.resolve("password");
        Files.writeString(password, PASSWORD + "\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
    }

    @AfterEach
    void removeHost() {
        network.close();
    }

    private String mail(String security, String... lines) {
        return Doors.plain() + "[limits]\nleases-per-source = 4096\n[mail]\nto = [\"ops@example.org\"]\n"
                + "from = \"tirl@gate.example.org\"\nserver = \"localhost\"\nport = " + SmtpServer.PORT
                + "\nsecurity = \"" + security + "\"\n" + String.join("\n", lines) + "\n";
    }

    private String login() {
        return "user = \"ops\"\npassword-file = \"" + password + "\"\nca = \"" + folder.resolve("cert.pem") + "\"";
    }

    private TirlProcess daemon(String config) {
        return TirlProcess.start(host, List.of("srv0"), config);
    }

    private static void grant(TirlProcess tirl, String source, String time) {
        tirl.control("grant", source, "ssh", "--for", time).orThrow();
    }

    private void knock(Client client) {
        client.syns(network.wire().serverIpv4(), Site.PACE, Doors.PLAIN);
    }

    private boolean opens(Client client) {
        return client.connects(network.wire().serverIpv4(), Site.SSH, Site.PROBE);
    }

    @Test
    void openAndClose_areMailed_overStarttlsWithLogin_andTheStopSendsTheRest() {
        try (SmtpServer server = SmtpServer.start(host, folder, "starttls");
                EchoService _ = EchoService.listen(host, Site.SSH);
                TirlProcess tirl =
                        daemon(mail("starttls", login(), "digest = \"1s\"").replace("for = \"30s\"", "for = \"2s\""))) {
            Client client = network.client();
            knock(client);
            Await.until(() -> "ssh opens: " + tirl.log(), Site.SOON, () -> opens(client));

            List<String> mails = server.awaitMails(2, tirl);
            String address = Pattern.quote(client.ipv4());
            assertThat(mails.getFirst())
                    .startsWith("tirl@gate.example.org ops@example.org ops tls=True\n")
                    .containsPattern("\nSubject: tirl on \\S+: plain opened for " + address + "\r\n")
                    .containsPattern(
                            "\n\\d{4}-\\S+Z {2}" + address + " plain: opened tcp/22 for 2s \\(lease \\d+\\)\r\n");
            assertThat(mails.get(1)).containsPattern("\nSubject: tirl on \\S+: plain expired for " + address + "\r\n");
            // A sequence is a secret, as the password is.
            assertThat(String.join("", mails)).doesNotContain("tcp/7000", "tcp/8000", "tcp/9000");

            grant(tirl, "192.0.2.8", "1m");
            tirl.control("revoke", "192.0.2.8").orThrow();
            assertThat(tirl.end("TERM")).isZero();
            assertThat(String.join("", server.mails())).contains("192.0.2.8", "revoked tcp/22");
            assertThat(tirl.log() + server.mails()).doesNotContain(PASSWORD);
        }
    }

    @Test
    void wrongCertificates_getNeitherMailNorPassword_andReloadMends() {
        String trusting = mail("tls", login(), "digest = \"1s\"");
        try (SmtpServer server = SmtpServer.start(host, folder, "tls");
                TirlProcess tirl = daemon(trusting.replaceAll("ca = .*", ""))) {
            grant(tirl, "192.0.2.7", "1m");
            awaitLog(tirl, "mail: localhost:2525: its certificate is of no authority that is trusted");

            tirl.write(List.of("srv0"), trusting.replace("\"localhost\"", "\"127.0.0.1\""));
            tirl.reload("reloaded");
            awaitLog(tirl, "mail: 127.0.0.1:2525: its certificate is not accepted: No subject alternative names");
            assertThat(server.mails()).isEmpty();

            tirl.write(List.of("srv0"), trusting);
            tirl.reload("reloaded");
            assertThat(server.awaitMails(1, tirl).getFirst())
                    .contains(" ops tls=True\n", "opened for 192.0.2.7", "This mail is late: ");
            awaitLog(tirl, "mail: localhost:2525 takes it again");
        }
    }

    @Test
    void serverDown_mailArrivesWhenItIsUp_withAllThatHappened() {
        try (TirlProcess tirl = daemon(mail("none", "digest = \"1s\""))) {
            grant(tirl, "192.0.2.7", "1m");
            awaitLog(tirl, "mail: localhost:2525: nobody answers there");
            grant(tirl, "192.0.2.8", "1m");
            try (SmtpServer server = SmtpServer.start(host, folder, "none")) {
                assertThat(server.awaitMails(1, tirl).getFirst())
                        .contains(": 2 opened\r\n", "192.0.2.7", "192.0.2.8", "This mail is late: ");
            }
        }
    }

    /** A server that takes the connection and says nothing: whoever knocks does not notice, and neither does a stop. */
    @Test
    void hangingServer_delaysNoKnock() {
        try (Background silent = host.start("nc", "-lk", "127.0.0.1", Integer.toString(SmtpServer.PORT));
                EchoService _ = EchoService.listen(host, Site.SSH)) {
            Await.until(
                    () -> "nc listens: " + silent.err(),
                    Site.SOON,
                    () -> connections().contains("LISTEN"));
            try (TirlProcess tirl = daemon(mail("none", "digest = \"1s\""))) {
                grant(tirl, "192.0.2.7", "1m");
                Await.until(
                        () -> "a mail on its way: " + connections() + tirl.log(),
                        Duration.ofSeconds(10),
                        () -> connections().contains("ESTAB"));
                for (int i = 0; i < 20; i++) {
                    Client client = network.client();
                    knock(client);
                    Await.until(() -> client + " gets in: " + tirl.log(), Site.SOON, () -> opens(client));
                }
                assertThat(connections()).contains("ESTAB");

                long startNs = System.nanoTime();
                assertThat(tirl.end("TERM")).isZero();
                assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isLessThan(Duration.ofSeconds(10));
            }
        }
    }

    private String connections() {
        return host.ask("ss", "-tanH", "sport", "=", ":" + SmtpServer.PORT);
    }

    @Test
    void flood_isOneMailAtOnce_andDigests() throws IOException {
        int flood = 3000;
        int digestSeconds = 4;
        try (SmtpServer server = SmtpServer.start(host, folder, "none");
                TirlProcess tirl = daemon(
                        mail("none", "digest = \"" + digestSeconds + "s\"", "on = [\"opened\", \"extended\"]"))) {
            long startNs = System.nanoTime();
            for (int i = 0; i <= flood; i++) {
                ask(tirl, "{\"command\":\"grant\",\"source\":\"192.0.2.7\",\"service\":\"ssh\",\"for\":\"1m\"}\n");
            }
            long seconds = Duration.ofNanos(System.nanoTime() - startNs).toSeconds();
            Await.until(
                    () -> flood + " extended in " + server.mails(),
                    Duration.ofSeconds(digestSeconds + 5),
                    () -> extended(server.mails()) == flood);

            assertThat(server.mails().size()).isBetween(2, (int) (2 + (seconds + 1) / digestSeconds));
            assertThat(server.mails())
                    .allSatisfy(mail -> assertThat(mail.length()).isLessThan(6000));
            assertThat(server.mails().getLast()).contains("more, which are not listed here.");
        }
    }

    /** What `tirl grant` says; three thousand of those take too long. */
    private static void ask(TirlProcess tirl, String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(tirl.controlSocket()))) {
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            ByteBuffer answer = ByteBuffer.allocate(4096);
            assertThat(channel.read(answer)).isPositive();
            assertThat(new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8))
                    .contains("\"ok\":true");
        }
    }

    /** How many extensions the subjects and texts tell of. */
    private static int extended(List<String> mails) {
        return mails.stream()
                .flatMap(mail -> EXTENDED.matcher(mail).results())
                .mapToInt(count -> Integer.parseInt(count.group(1).replace(",", "")))
                .sum();
    }

    @Test
    void testMail_saysWhatTheServerSaid() {
        try (SmtpServer server = SmtpServer.start(host, folder, "starttls");
                TirlProcess tirl = TirlProcess.launch(host, List.of("srv0"), mail("starttls", login()))) {
            String file = tirl.configFile().toString();
            Output good =
                    host.run(TirlProcess.launcher(), "check", "--mail", file).orThrow();
            assertThat(good.out()).contains("localhost:2525 took the test mail from tirl@gate.example.org");
            assertThat(server.mails()).singleElement().asString().contains("Subject: tirl on ", ": a test\r\n");

            write(password, "wrong");
            Output bad = host.run(TirlProcess.launcher(), "check", "--mail", file);
            assertThat(bad.exit()).isEqualTo(1);
            assertThat(bad.err())
                    .endsWith("tirl: localhost:2525 refused the login of ops: "
                            + "535 5.7.8 Authentication credentials invalid\n");

            tirl.write(List.of("srv0"), mail("starttls", login()).replace("ops@example.org", "nobody@example.org"));
            write(password, PASSWORD);
            bad = host.run(TirlProcess.launcher(), "check", "--mail", file);
            assertThat(bad.err())
                    .endsWith("tirl: localhost:2525 refused nobody@example.org: 550 5.1.1 nobody of that name\n");

            tirl.write(List.of("srv0"), mail("none"));
            bad = host.run(TirlProcess.launcher(), "check", "--mail", file);
            assertThat(bad.err()).contains("refused the sender", "530");
            assertThat(server.mails()).hasSize(1);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new LabException("could not write " + file, e);
        }
    }

    private static void awaitLog(TirlProcess tirl, String text) {
        Await.until(
                () -> "\"" + text + "\" in the log:\n" + tirl.log(),
                Duration.ofSeconds(10),
                () -> tirl.log().contains(text));
    }
}
