package tirl.importer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tirl.fwknop.access.AccessFile;
import tirl.importer.ImportLine.Fate;

class LegacyFwknopImporterTest {
    private static final Path CONFIGS = Path.of("..", "testdata", "configs", "fwknop");

    private static ImportReport sample() throws IOException {
        Path folder = CONFIGS.resolve("import/1.9");
        return LegacyFwknopImporter.convert(
                Optional.of(AccessFile.read("fwknop.conf", Files.readAllBytes(folder.resolve("fwknop.conf")))),
                AccessFile.read("access.conf", Files.readAllBytes(folder.resolve("access.conf"))));
    }

    private static ImportReport convert(String daemon, String access) {
        return LegacyFwknopImporter.convert(
                Optional.of(AccessFile.read("fwknop.conf", daemon.getBytes(StandardCharsets.ISO_8859_1))),
                AccessFile.read("access.conf", access.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** What is in force: the rest is comments. */
    private static String inForce(ImportReport report) {
        return String.join(
                "\n",
                report.toml()
                        .lines()
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .toList());
    }

    @Test
    void sequencesAndMail_becomeDoorsAndMail() throws IOException {
        assertThat(inForce(sample())).isEqualTo("""
                [daemon]
                interfaces = ["any"]
                firewall = "join"
                [[service]]
                name = "ssh"
                ports = ["tcp/22"]
                [[door]]
                name = "fwknop-1"
                sequence = ["tcp/7004", "udp/8009", "tcp/7001"]
                within = "20s"
                opens = ["ssh"]
                for = "3s"
                tolerate-repeat = false
                [[door]]
                name = "fwknop-5"
                sequence = ["tcp/9001", "tcp/9002", "tcp/9003"]
                within = "8s"
                start = "/bin/open %IP% 53 udp"
                stop = "/bin/close %IP%"
                start6 = ""
                stop6 = ""
                for = "5m"
                strict = false
                tolerate-repeat = false
                [mail]
                to = ["ops@example.org", "root@localhost"]
                from = "tirl@gate.example.org"
                server = "localhost"
                security = "none\"""");
    }

    @Test
    void whatCannotBeAsNarrow_isInComments() throws IOException {
        assertThat(sample().toml())
                .contains("# Left out: SOURCE 192.168.10.0/24: ")
                .contains("\n# sequence = [\"tcp/5001\", \"icmp/echo\", \"tcp/5002\"]\n")
                .contains(
                        "\n#     SOURCE ANY\n#     OPEN_PORTS tcp/22\n#     FW_ACCESS_TIMEOUT 30\n#     GPG_HOME_DIR");
    }

    @Test
    void keys_areNeitherCopiedNorReported() throws IOException {
        assertThat(sample().toml() + sample().lines()).doesNotContain("passphrase");
    }

    @Test
    void everyLine_isReported() throws IOException {
        ImportReport report = sample();
        for (String name : List.of("fwknop.conf", "access.conf")) {
            int number = 0;
            for (String line : Files.readAllLines(CONFIGS.resolve("import/1.9").resolve(name))) {
                number++;
                int at = number;
                boolean says = !line.isBlank() && !line.startsWith("#");
                assertThat(report.lines().stream()
                                .anyMatch(found -> found.file().equals(name) && found.line() == at))
                        .as("%s:%d: %s", name, number, line)
                        .isEqualTo(says);
            }
        }
    }

    static Stream<String> variables() throws IOException {
        return Files.readAllLines(CONFIGS.resolve("variables-1.9.txt")).stream();
    }

    @ParameterizedTest
    @MethodSource("variables")
    void everyVariable_isKnown(String row) {
        boolean daemon = row.startsWith("fwknop.conf ");
        String line = row.substring(row.indexOf(' ') + 1) + ": Y;\n";
        List<String> stanzas = List.of(
                "SOURCE: ANY;\nSHARED_SEQUENCE: tcp/1, tcp/5, tcp/3;\nOPEN_PORTS: tcp/22;\n",
                "SOURCE: ANY;\nKEY: x;\n");
        for (String stanza : stanzas) {
            ImportReport report = daemon ? convert(line.replace(":", ""), stanza) : convert("", stanza + line);
            int at = daemon ? 1 : (int) stanza.lines().count() + 1;
            String file = daemon ? "fwknop.conf" : "access.conf";
            assertThat(report.lines())
                    .filteredOn(found -> found.file().equals(file) && found.line() == at)
                    .isNotEmpty()
                    .allSatisfy(found -> assertThat(found.text()).doesNotContain("no variable"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SHARED_SEQUENCE: tcp/7, udp/9;            | CONVERTED       | sequence = ["tcp/7", "udp/9"]
            SHARED_SEQUENCE: tcp/7, tcp/99999;        | NOT_CONVERTIBLE | in a comment: sequence = ["tcp/7"]
            KNOCK_INTERVAL: 90;                       | CHANGED         | within = "90s"
            MAX_TIME_DIFF: 5;                         | CHANGED         | within = "10s"
            FW_ACCESS_TIMEOUT: 0;                     | CHANGED         | for = "12h"
            MAX_ACCESS_TIMEOUT: 60;                   | CONVERTED       | for = "1m"
            MIN_TIME_DIFF: 2;                         | NOT_CONVERTIBLE | as fast as they like
            KNOCK_LIMIT: 3;                           | NOT_CONVERTIBLE | one-time
            REQUIRE_OS: Linux;                        | DROPPED         | operating system
            ENABLE_OUTPUT_ACCESS: Y;                  | DROPPED         | answers of accepted connections
            FOO: 1;                                   | DROPPED         | unknown
            """)
    void settingOfASequence_isExplained(String line, Fate fate, String text) {
        ImportReport report =
                convert("", "SOURCE: ANY;\nSHARED_SEQUENCE: tcp/7, udp/9, tcp/8;\nOPEN_PORTS: tcp/22;\n" + line + "\n");
        assertThat(report.lines()).filteredOn(found -> found.line() == 4).anySatisfy(found -> {
            assertThat(found.fate()).isEqualTo(fate);
            assertThat(found.text()).contains(text);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SHARED_SEQUENCE: tcp/7, tcp/99999;~OPEN_PORTS: tcp/22;                          | no port
            SHARED_SEQUENCE: none;~OPEN_PORTS: tcp/22;                                      | no step
            SHARED_SEQUENCE: tcp/7, udp/9;                                                  | OPEN_PORTS has no
            SHARED_SEQUENCE: tcp/7, udp/9;~OPEN_PORTS: icmp;                                | OPEN_PORTS has no
            SHARED_SEQUENCE: tcp/7, udp/9;~OPEN_PORTS: tcp/22;~ENABLE_FORWARD_ACCESS;       | forward
            SHARED_SEQUENCE: tcp/7;~OPEN_PORTS: tcp/22;~EXTERNAL_CMD_OPEN: a $FOO;          | EXTERNAL_CMD_OPEN
            SHARED_SEQUENCE: tcp/7;~EXTERNAL_CMD_OPEN: a $PORT;~EXTERNAL_CMD_CLOSE: b;      | EXTERNAL_CMD_OPEN
            """)
    void sequenceThatCannotBe_isLeftOut(String stanza, String why) {
        ImportReport report = convert("", "SOURCE: ANY;\n" + stanza.replace('~', '\n') + "\n");
        assertThat(inForce(report)).doesNotContain("[[door]]", "[[service]]");
        assertThat(report.lines()).anySatisfy(line -> {
            assertThat(line.fate()).isEqualTo(Fate.NOT_CONVERTIBLE);
            assertThat(line.line()).isOne();
            assertThat(line.text()).contains(why);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            EMAIL_ADDRESSES a@b;                            | to = ["a@b"]
            EMAIL_ADDRESSES a@b;~HOSTNAME _CHANGEME_;       | from = "a@b"
            EMAIL_ADDRESSES a@b, no address;                | to = ["a@b"]
            EMAIL_ADDRESSES a@b;~ALERTING_METHODS noemail;  |
            EMAIL_ADDRESSES nobody;                         |
            HOSTNAME x;                                     |
            """)
    void mail_isForWhoHadIt(String daemon, String toml) {
        ImportReport report =
                convert(daemon.replace('~', '\n'), "SOURCE: ANY;\nSHARED_SEQUENCE: tcp/7;\nOPEN_PORTS: tcp/1;\n");
        if (toml == null) {
            assertThat(report.toml()).doesNotContain("[mail]");
        } else {
            assertThat(report.toml()).contains("[mail]", toml);
        }
    }

    /** Its usual mode never looked at sequences: whoever imports one is to know. */
    @Test
    void sequenceThatWasNotInForce_isTold() {
        String access = "SOURCE: ANY;\nSHARED_SEQUENCE: tcp/7;\nOPEN_PORTS: tcp/1;\n";
        assertThat(convert("AUTH_MODE PCAP;\nPCAP_INTF eth3;\n", access).lines())
                .anySatisfy(line -> assertThat(line.text()).contains("no sequence opened anything"));
        assertThat(convert("AUTH_MODE PCAP;\nPCAP_INTF eth3;\n", access).toml()).contains("interfaces = [\"eth3\"]");
        assertThat(convert("AUTH_MODE KNOCK;\n", access).lines())
                .noneSatisfy(line -> assertThat(line.text()).contains("no sequence opened anything"));
    }

    @Test
    void fileWithoutStanza_isNoConfiguration() {
        ImportReport report = convert("", "KEY: x;\n");
        assertThat(report.toml()).isEmpty();
        assertThat(report.lines())
                .singleElement()
                .satisfies(line -> assertThat(line.text()).contains("no stanza"));
    }
}
