package tirl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * Every option of fwknop's client 2.6.10 shows: in the packet or what is said of it, in a file, or in a warning or refusal.
 * Needs the real fwknop, whose help has the list.
 */
class FwknopOptionsTest {
    private static final String BASE = "--no-rc-file -T -D h -a 192.0.2.1 -A tcp/22";
    private static final String KEY = " --key-rijndael k";

    /** What the original takes and its help does not name (client/cmd_opts.h). */
    private static final List<String> UNNAMED = List.of(
            "save-args-file",
            "fault-injection-tag",
            "get-hmac-key",
            "key-hmac",
            "key-len",
            "hmac-key-len",
            "spoof-src",
            "resolve-ip-http");

    /**
     * Option, words, and what is seen by them and not without. Words after {@code !} take the place of the key, after
     * {@code =} of everything.
     */
    private static final String TABLE = """
        named-config        | -n nowhere                                    | -n names a stanza
        access              | --access udp/53                               | 192.0.2.1,udp/53
        allow-ip            | --allow-ip 192.0.2.77                         | 192.0.2.77,tcp/22
        destination         | -v --destination gate                         | IP/host: gate
        use-hmac            | --use-hmac                                    | no terminal to ask
        help                | --help                                        | Usage: tirl fwknop
        save-packet         | --save-packet DIR/packet                      | file packet
        save-packet-append  | --save-packet-append                          | --save-packet-append does nothing without
        server-cmd          | --server-cmd id                               | Command msg
        nat-access          | --nat-access 10.0.0.5:80                      | Nat Access: 10.0.0.5,80
        server-port         | -v --server-port 4000                         | destination port: 4000
        server-proto        | -v --server-proto http                        | protocol: http
        source-ip           | --source-ip                                   | 0.0.0.0,tcp/22
        source-port         | -v --source-port 4001                         | source port: 4001
        spoof-source        | --spoof-source 10.1.1.1                       | does not forge
        spoof-src           | --spoof-src 10.1.1.1                          | does not forge
        resolve-ip-https    | --resolve-ip-https                            | --resolve-url URL
        resolve-ip-http     | --resolve-ip-http                             | --resolve-url URL
        resolve-http-only   | --resolve-http-only                           | --resolve-http-only .* does nothing
        resolve-url         | -R --resolve-url URL                          | 192.0.2.55,tcp/22
        user-agent          | -R --resolve-url URL --user-agent probe       | 192.0.2.66,tcp/22
        use-wget-user-agent | --use-wget-user-agent                         | --use-wget-user-agent .* does nothing
        wget-cmd            | --wget-cmd /bin/wget                          | --wget-cmd .* does nothing
        http-proxy          | -v --http-proxy proxy.example:3128            | protocol: http
        spoof-user          | --spoof-user bob                              | Username: bob
        last-cmd            | --last-cmd                                    | keeps no command lines
        show-last           | --show-last                                   | keeps no command lines
        save-args-file      | --save-args-file DIR/args                     | keeps no command lines
        no-save-args        | =--no-save-args BASE KEY                      | exit 0
        get-key             | !--get-key DIR/keys                           | Final SPA Data
        get-hmac-key        | --get-hmac-key DIR/keys                       | HMAC Type: SHA256
        stdin               | !--stdin                                      | Final SPA Data
        fd                  | !--fd 0                                       | Final SPA Data
        key-gen             | --key-gen                                     | HMAC_KEY_BASE64: \\S{86}==
        key-gen-file        | --key-gen-file DIR/made                       | file made KEY_BASE64: \\S{43}=
        key-len             | --key-len 20                                  | --key-len does nothing without --key-gen
        hmac-key-len        | --hmac-key-len 20                             | --hmac-key-len does nothing without
        key-rijndael        | !--key-rijndael k                             | Final SPA Data
        key-base64-rijndael | !--key-base64-rijndael a2V5                   | Final SPA Data
        key-hmac            | --key-hmac h                                  | HMAC Type: SHA256
        key-base64-hmac     | --key-base64-hmac aGg=                        | HMAC Type: SHA256
        rand-port           | -v --rand-port                                | destination port: \\d{5}
        test                | =BASE KEY                                     | not actually sent
        verbose             | --verbose                                     | Generating SPA packet
        version             | --version                                     | fwknop client \\(tirl
        digest-type         | --digest-type md5                             | Digest Type: MD5
        encryption-mode     | --encryption-mode CTR                         | Encryption Mode: CTR
        fw-timeout          | --fw-timeout 60                               | Client Timeout: 60
        hmac-digest-type    | --key-hmac h --hmac-digest-type sha512        | HMAC Type: SHA512
        icmp-type           | --icmp-type 3                                 | --icmp-type 8
        icmp-code           | --icmp-code 1                                 | --icmp-code 0
        gpg-encryption      | --gpg-encryption                              | --gpg-recipient-key KEY
        gpg-recipient-key   | --gpg-recipient-key nobody --gpg-home-dir DIR | gpg has no key nobody in
        gpg-signer-key      | --gpg-signer-key me                           | --gpg-recipient-key KEY
        gpg-no-signing-pw   | --gpg-no-signing-pw                           | --gpg-recipient-key KEY
        gpg-home-dir        | --gpg-home-dir /nonexistent                   | --gpg-home-dir is that of your keys
        gpg-agent           | --gpg-agent                                   | --gpg-recipient-key KEY
        gpg-exe             | --gpg-exe /nonexistent/gpg --gpg-recipient-key k | /nonexistent/gpg
        rc-file             | =--rc-file DIR/rc -n nowhere                  | no stanza \\[nowhere\\] in .*rc
        server-resolve-ipv4 | =--no-rc-file -D ::1 -s -A tcp/22 --server-resolve-ipv4 KEY | ::1 has no IPv4 address
        save-rc-stanza      | =BASE2 --rc-file DIR/rc --save-rc-stanza -n x | file rc .*\\[x\\]
        force-stanza        | --force-stanza                                | --force-stanza does nothing without
        stanza-list         | =--rc-file DIR/rc --stanza-list               | configured in .*rc
        nat-local           | --nat-local                                   | Local NAT access msg
        nat-port            | --nat-local --nat-port 8080                   | 192.0.2.1,tcp/8080
        nat-rand-port       | --nat-rand-port                               | --nat-rand-port need --nat-access
        no-home-dir         | =--no-home-dir -n x                           | none is to be read
        no-rc-file          | =--no-rc-file -n x                            | none is to be read
        time-offset-plus    | --time-offset-plus 2x                         | no time offset
        time-offset-minus   | --time-offset-minus 2x                        | no time offset
        fault-injection-tag | --fault-injection-tag t                       | --fault-injection-tag is for tests
        """;

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private final InputStream stdin = System.in;
    private String url = "";
    private final ServerSocket server;

    FwknopOptionsTest() throws IOException {
        server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    }

    @BeforeEach
    void serve() throws IOException {
        Files.writeString(folder.resolve("keys"), "h: a key\n");
        System.setIn(new ByteArrayInputStream("a key\n".getBytes(StandardCharsets.US_ASCII)));
        url = "http://127.0.0.1:" + server.getLocalPort() + "/";
        Thread.ofPlatform().daemon().start(this::answer);
    }

    /** Says one address to most, and another one to an agent that it knows. */
    private void answer() {
        try {
            while (true) {
                try (Socket asker = server.accept()) {
                    BufferedReader request = new BufferedReader(
                            new InputStreamReader(asker.getInputStream(), StandardCharsets.US_ASCII));
                    boolean known = false;
                    for (String line = request.readLine(); line != null && !line.isEmpty(); line = request.readLine()) {
                        known |= line.equals("User-Agent: probe");
                    }
                    String address = known ? "192.0.2.66" : "192.0.2.55";
                    asker.getOutputStream()
                            .write(("HTTP/1.0 200 OK\r\n\r\n" + address).getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException closed) {
            // The test has ended.
        }
    }

    @AfterEach
    void end() throws IOException {
        server.close();
        System.setIn(stdin);
    }

    record Row(String option, String words, String shown) {
        static Row of(String line) {
            String[] cells = line.split("\\|", -1);
            return new Row(cells[0].strip(), cells[1].strip(), cells[2].strip());
        }

        String command() {
            return switch (words.charAt(0)) {
                case '=' -> words.substring(1);
                case '!' -> "BASE " + words.substring(1);
                default -> "BASE KEY " + words;
            };
        }

        /** The same without what is looked at. */
        String base() {
            return words.startsWith("!") ? "BASE" : "BASE KEY";
        }

        @Override
        public String toString() {
            return option;
        }
    }

    static Stream<Row> rows() {
        return TABLE.lines().map(Row::of);
    }

    /** Everything that can be seen of a run, in one line. */
    private String seen(String words) throws IOException {
        String line = ("fwknop " + words)
                .replace("BASE2", "-T -D h -a 192.0.2.1 -A tcp/22 --key-rijndael k")
                .replace("BASE", BASE)
                .replace("KEY", KEY.strip())
                .replace("DIR", folder.toString())
                .replace("URL", url);
        String[] command = line.split(" +", -1);
        StringWriter text = new StringWriter();
        CommandLine main = Main.commandLine(command);
        main.setOut(new PrintWriter(text, true));
        main.setErr(new PrintWriter(text, true));
        int exit = main.execute(command);
        StringBuilder all = new StringBuilder(text + " exit " + exit);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                all.append(" file ")
                        .append(file.getFileName())
                        .append(' ')
                        .append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString().replaceAll("\\s+", " ");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void option_shows(Row row) throws IOException {
        Pattern shown = Pattern.compile(row.shown());
        if (!row.words().startsWith("=")) {
            assertThat(seen(row.base())).doesNotContainPattern(shown);
        }

        assertThat(seen(row.command())).containsPattern(shown).doesNotContain("\tat ", "Exception");
    }

    @Test
    void table_hasEveryOptionOfTheOriginal() throws Exception {
        Process help =
                new ProcessBuilder("fwknop", "--help").redirectErrorStream(true).start();
        String text = new String(help.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(help.waitFor()).isZero();
        Set<String> original = new TreeSet<>(UNNAMED);
        Matcher names = Pattern.compile("(?m)^ +(?:-\\w, +)?--([a-z0-9-]+)").matcher(text);
        while (names.find()) {
            original.add(names.group(1));
        }

        assertThat(original).hasSize(71);
        assertThat(rows().map(Row::option)).containsExactlyInAnyOrderElementsOf(original);
    }

    /** Not always the same ones, and none that needs root to listen to. */
    @Test
    void randomPorts_areDrawn() throws IOException {
        Set<String> ports = new HashSet<>();
        Set<String> natPorts = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            String text = seen("BASE KEY -v --rand-port --nat-local --nat-rand-port");
            ports.add(found(text, "destination port: (\\d+)"));
            natPorts.add(found(text, "192.0.2.1,tcp/(\\d+)"));
        }
        assertThat(ports).hasSizeGreaterThan(1).allMatch(port -> Integer.parseInt(port) >= 10_000);
        assertThat(natPorts).hasSizeGreaterThan(1).allMatch(port -> Integer.parseInt(port) >= 10_000);
    }

    /** An alias may have said it before. Values are not shown: they may be keys. */
    @Test
    void lastOne_counts() throws IOException {
        String text = seen("BASE --key-rijndael first --key-rijndael second -A tcp/33 -T -v -v");

        assertThat(text).contains("192.0.2.1,tcp/33", "exit 0").doesNotContain("first", "second", "picocli");
    }

    private static String found(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }

    /** Short names, and beginnings of long ones, as getopt takes them. */
    @Test
    void shortNamesAndBeginnings_areTaken() throws IOException {
        List<String> pairs = List.of(
                "-m md5",
                "Digest Type: MD5",
                "-M ECB",
                "Encryption Mode: ECB",
                "-f 9",
                "Client Timeout: 9",
                "-U bob",
                "Username: bob",
                "-N 10.0.0.5:80",
                "10.0.0.5,80",
                "--digest md5",
                "Digest Type: MD5",
                "--spoof-u bob",
                "Username: bob",
                "--fw-time 9",
                "Client Timeout: 9");
        for (int i = 0; i < pairs.size(); i += 2) {
            assertThat(seen("BASE KEY " + pairs.get(i))).contains(pairs.get(i + 1));
        }
    }
}
