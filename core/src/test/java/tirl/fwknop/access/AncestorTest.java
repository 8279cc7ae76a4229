package tirl.fwknop.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of fwknop 1.9 given to what reads those of 2.x. */
class AncestorTest {
    private static final Path VARIABLES = Path.of("..", "testdata", "configs", "fwknop", "variables-1.9.txt");

    static Stream<String> variables() throws IOException {
        return Files.readAllLines(VARIABLES).stream();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<String> access(String line) {
        AccessFile file = AccessFile.read(
                "access.conf", octets("SOURCE: ANY;\nKEY: abcdefghijklmnop;\nHMAC_KEY: ponmlkjihgfedcba;\n" + line));
        return AccessParser.parse(
                        file, FwknopdConf.standard(), include -> new Inclusions.Found.Missing("none"), ZoneOffset.UTC)
                .findings()
                .stream()
                .filter(finding -> finding.problem().line() == 4)
                .map(Finding::toString)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("variables")
    void everyVariableOf19_isObeyedOrExplained(String row) {
        String name = row.substring(row.indexOf(' ') + 1);
        List<String> said = row.startsWith("fwknop.conf")
                ? FwknopdConfParser.parse("fwknopd.conf", octets(name + " Y;")).findings().stream()
                        .map(Finding::toString)
                        .toList()
                : access(name + ": Y;");

        assertThat(said).noneMatch(text -> text.contains("no variable"));
    }

    /** 1.9 took them so; fwknopd 2.6 refuses the whole file, and so do we, with the reason. */
    @ParameterizedTest
    @ValueSource(strings = {"PCAP", "ENCRYPT_SEQUENCE", "PERMIT_CLIENT_PORTS", "ENABLE_FORWARD_ACCESS"})
    void switchWithoutValue_isRefusedWithWhatItWas(String name) {
        assertThat(access(name + ";")).singleElement().asString().contains(name + " has no value; ", "fwknop 1.9");
    }

    @Test
    void filesOf19_areKnownByTheirSequencesAndModes() {
        assertThat(Ancestor.wrote(AccessFile.read("a", octets("SOURCE: ANY;\nSHARED_SEQUENCE: tcp/1;\n"))))
                .isTrue();
        assertThat(Ancestor.wrote(AccessFile.read("a", octets("SOURCE: ANY;\nDATA_COLLECT_MODE: PCAP;\n"))))
                .isTrue();
        assertThat(Ancestor.hasSequences(AccessFile.read("a", octets("SOURCE: ANY;\nDATA_COLLECT_MODE: PCAP;\n"))))
                .isFalse();
        assertThat(Ancestor.wrote(AccessFile.read("a", octets("SOURCE ANY\nKEY x\nOPEN_PORTS tcp/22\n"))))
                .isFalse();
    }
}
