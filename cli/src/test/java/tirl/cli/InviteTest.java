package tirl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.ReaderException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tirl.daemon.control.ControlException;

class InviteTest {
    private static final String CODE = "otpauth://totp/gate:anna?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private FakeDaemon daemon;

    @BeforeEach
    void start() throws IOException {
        daemon = new FakeDaemon(folder, request -> {
            if ("taken".equals(request.get("name"))) {
                throw new ControlException("there is a device taken already; use `tirl devices rotate taken`");
            }
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("name", request.get("name"));
            answer.put("uri", QrCodeTest.URI);
            answer.put("valid-until", "2026-11-22T08:30:00Z");
            if (Boolean.TRUE.equals(request.get("code"))) {
                answer.put("code", CODE);
            }
            return answer;
        });
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    private int run(String... words) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--control";
        all[words.length + 1] = daemon.socket();
        return line.execute(all);
    }

    /** Lines that are drawn. */
    private String drawn(int skip) {
        return out.toString()
                .lines()
                .filter(line -> line.chars().anyMatch(c -> "\u2580\u2584\u2588".indexOf(c) >= 0))
                .skip(skip)
                .limit(27)
                .collect(Collectors.joining("\n"));
    }

    @Test
    void invite_service_asksForNothingElseAndShowsTheCode() throws ReaderException {
        assertThat(run("invite", "anna", "--service", "ssh")).isZero();
        assertThat(daemon.asked())
                .containsExactly(Map.of(
                        "command",
                        "invite",
                        "name",
                        "anna",
                        "rules",
                        Map.of("services", List.of("ssh")),
                        "code",
                        false));
        assertThat(out.toString())
                .contains("Invitation for anna, valid until 2026-11-22", "secret and works once", "tirl join")
                .contains("\n" + QrCodeTest.URI + "\n");
        assertThat(Scan.ofTerminal(drawn(0), false)).isEqualTo(QrCodeTest.URI);
    }

    @Test
    void invite_everyRule_isHandedOn() {
        assertThat(run(
                        "invite",
                        "anna",
                        "-s",
                        "ssh",
                        "-s",
                        "web",
                        "--for",
                        "30m",
                        "--from",
                        "10.0.0.0/8,2001:db8::/32",
                        "--hours",
                        "mon-fri 08:00-18:00",
                        "--hours",
                        "sat 09:00-12:00",
                        "--leases",
                        "2",
                        "--address",
                        "observed,Equal",
                        "--until",
                        "2027-01-31",
                        "--uses",
                        "3",
                        "--no-classical",
                        "--valid",
                        "2h",
                        "--host",
                        "192.0.2.7",
                        "--json",
                        "--no-qr"))
                .isZero();
        Map<String, Object> rules = Map.of(
                "services", List.of("ssh", "web"),
                "longest", "30m",
                "from", List.of("10.0.0.0/8", "2001:db8::/32"),
                "hours", List.of("mon-fri 08:00-18:00", "sat 09:00-12:00"),
                "leases", 2,
                "address", List.of("observed", "equal"),
                "until",
                        LocalDate.of(2027, 2, 1)
                                .atStartOfDay(ZoneId.systemDefault())
                                .toInstant()
                                .toString(),
                "uses", 3,
                "classical", false);
        assertThat(daemon.asked())
                .containsExactly(Map.of(
                        "command",
                        "invite",
                        "name",
                        "anna",
                        "rules",
                        rules,
                        "code",
                        false,
                        "valid",
                        "2h",
                        "host",
                        "192.0.2.7"));
        assertThat(out.toString())
                .startsWith("{\"")
                .contains("\"uri\":\"" + QrCodeTest.URI + "\"")
                .doesNotContain("Invitation for");
    }

    @Test
    void invite_guest_isOneUse() {
        assertThat(run("invite", "visitor", "-s", "web", "--guest", "--no-qr")).isZero();
        assertThat(daemon.asked().getFirst().get("rules")).isEqualTo(Map.of("services", List.of("web"), "uses", 1));
        assertThat(drawn(0)).isEmpty();
    }

    @Test
    void invite_codeAndPicture_areForTheOwnerOnlyAndScanned() throws IOException, ReaderException, DataFormatException {
        Path png = folder.resolve("anna.png");
        assertThat(run("invite", "anna", "-s", "ssh", "--code", "--png", png.toString()))
                .isZero();
        Path other = folder.resolve("anna-code.png");
        assertThat(out.toString()).contains(CODE, "Written: " + png + " and " + other);
        assertThat(Scan.ofPng(Files.readAllBytes(png))).isEqualTo(QrCodeTest.URI);
        assertThat(Scan.ofPng(Files.readAllBytes(other))).isEqualTo(CODE);
        assertThat(Scan.ofTerminal(drawn(27), false)).isEqualTo(CODE);
        for (Path file : List.of(png, other)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    /** An invitation that cannot be written where it should be is not made. */
    @Test
    void invite_pictureThere_asksNothingAndLeavesIt() throws IOException {
        Path other = Files.writeString(folder.resolve("anna-code.png"), "mine");
        assertThat(run(
                        "invite",
                        "anna",
                        "-s",
                        "ssh",
                        "--code",
                        "--png",
                        folder.resolve("anna.png").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("anna-code.png exists already");
        assertThat(run("invite", "anna", "-s", "ssh", "--png", "/nonexistent/x/anna.png"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("/nonexistent/x is no directory");
        assertThat(daemon.asked()).isEmpty();
        assertThat(Files.readString(other)).isEqualTo("mine");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            invite anna                           | 2 | name what it may open: --service ssh
            invite                                | 2 | NAME
            invite anna -s ssh --until tomorrow   | 2 | write 2027-01-31, 2027-01-31T18:00 or never
            invite anna -s ssh --uses 2 --guest   | 2 | mutually exclusive
            invite anna -s ssh --leases x         | 2 | is not an int
            invite taken -s ssh                   | 1 | use `tirl devices rotate taken`
            """)
    void invite_wrong_saysWhatIsRight(String words, int code, String text) {
        assertThat(run(words.split(" ", -1))).isEqualTo(code);
        assertThat(err.toString()).contains(text).doesNotContain("\tat ");
        assertThat(out.toString()).doesNotContain("TIRL:");
    }
}
