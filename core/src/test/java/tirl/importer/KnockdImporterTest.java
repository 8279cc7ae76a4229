package tirl.importer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.importer.ImportLine.Fate;

class KnockdImporterTest {
    private static final Path CONFIGS = Path.of("..", "testdata", "configs", "knockd");

    @Test
    void timedDoor_becomesALease() throws IOException {
        ImportReport report = convert("seed-opencloseSSH");
        assertThat(report.toml()).isEqualTo("""
                # Made from a knockd.conf. Suggestions are comments that begin with "better:".

                [daemon]
                interfaces = ["eth0"]

                [[service]]
                name = "ssh"
                ports = ["tcp/22"]

                [[door]]
                name = "opencloseSSH"
                sequence = ["tcp/7000", "tcp/8000", "tcp/9000"]
                within = "15s"
                opens = ["ssh"]
                for = "10s"
                flags = ["syn"]
                strict = false
                tolerate-repeat = false
                # better: strict = true, so that a scan does not open it; tolerate-repeat = true for retransmitted knocks
                """);
        assertThat(report.lines()).filteredOn(line -> line.line() == 9).hasSize(1);
        assertThat(fates(report, 6)).containsExactly(Fate.CONVERTED);
        assertThat(fates(report, 4)).containsExactly(Fate.DROPPED);
        assertThat(fates(report, 12)).containsExactly(Fate.CONVERTED);
    }

    @Test
    void pairOfDoors_becomesOneLongLease() throws IOException {
        ImportReport report = convert("pair");
        assertThat(report.toml())
                .contains("sequence = [\"tcp/4101\", \"udp/4707\", \"tcp/4303\"]", "for = \"12h\"")
                .contains("# door closeSSH closed: use `tirl revoke`")
                .doesNotContain("iptables");
        assertThat(fates(report, 11)).containsExactly(Fate.DROPPED);
        assertThat(fates(report, 8)).containsExactly(Fate.CONVERTED, Fate.CHANGED);
    }

    @Test
    void oneTimeDoor_keepsItsFile_andLoneClosingDoorItsCommand() throws IOException {
        ImportReport report = convert("seed-smtp-one-time");
        assertThat(report.toml())
                .contains(
                        "interfaces = [\"eth1\"]", "one-time = \"/etc/knockd/smtp_sequences\"", "opens = [\"tcp-25\"]")
                .contains("flags = [\"!ack\", \"fin\"]", "for = \"5s\"")
                .contains("start = \"/sbin/iptables -D INPUT -s %IP% -p tcp --dport 22 -j ACCEPT\"");
    }

    @Test
    void brokenRule_staysACommand() throws IOException {
        assertThat(convert("seed-ftp-2008").toml())
                .contains("start = \"/sbin/iptables -I INPUT 1 -p tcp -s -d --dport 21")
                .contains("start = \"/sbin/iptables -D INPUT 1\"")
                .doesNotContain("[[service]]");
        assertThat(convert("seed-ftp-2008-mended").toml())
                .contains("opens = [\"tcp-21\"]", "for = \"12h\"")
                // The rule that the command used to delete is a lease now: the first rule is somebody else's.
                .contains("# door closeFTP was left out: it deletes a firewall rule by its number")
                .doesNotContain("start =");
    }

    @Test
    void refusedFile_givesKnockdsMessage() throws IOException {
        assertThat(convert("seed-opencloseSSH-as-shown"))
                .isEqualTo(new ImportReport(
                        "",
                        List.of(new ImportLine(
                                1, Fate.NOT_CONVERTIBLE, "config: line 1: all directives must belong to a section"))));
    }

    /** What a door's lines become; {@code ~} is a new line. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sequence=0,1                                   | # door d was left out: its sequence has port 0
            sequence=1~target=10.0.0.1                     | # door d was left out: tirl.toml has no Target
            sequence=1~target=host                         | # door d was left out: no packet ever matched
            sequence=1,2~timeout=x                         | # door d was left out: with Seq_Timeout = 0
            sequence=1~timeout=0                           | within = "1s"
            sequence=1,2~timeout=99999                     | within = "1h"
            sequence=1~command=echo "a\\b"                 | start = "echo \\"a\\\\b\\""
            sequence=1~command_6=a~stop_command_6=b~cmd_timeout=90 | 'start6 = "a"~stop6 = "b"~for = "90s"'
            sequence=1                                     | start = "true"
            sequence=1                                     | flags = []
            sequence=1~command=nft add element inet x s { %IP% } | start = "nft add element inet x s { %IP% }"
            'sequence=1~command=ufw allow from %IP% to any port 22 proto tcp~command_6=' | 'start6 = ""'
            """)
    void door_lines(String door, String expected) {
        ImportReport report = KnockdImporter.convert("[d]\n" + door.replace('~', '\n'));
        assertThat(report.toml()).contains(expected.replace('~', '\n'));
    }

    @Test
    void names_arePlainAndUnique() {
        ImportReport report = KnockdImporter.convert("[d]\nsequence=1\n[d]\nsequence=2\n[ö ffnen!]\nsequence=3\n");
        assertThat(report.toml()).contains("name = \"d\"", "name = \"d-2\"", "name = \"ffnen-\"");
        assertThat(report.lines()).anyMatch(line -> line.line() == 5 && line.fate() == Fate.CHANGED);
    }

    private static List<Fate> fates(ImportReport report, int line) {
        return report.lines().stream()
                .filter(found -> found.line() == line)
                .map(ImportLine::fate)
                .toList();
    }

    private static ImportReport convert(String name) throws IOException {
        return KnockdImporter.convert(Files.readString(CONFIGS.resolve(name + ".conf")));
    }
}
