package tirl.importer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tirl.fwknop.access.AccessFile;
import tirl.fwknop.access.AccessParser;
import tirl.fwknop.access.Finding;
import tirl.fwknop.access.FwknopdConfParser;
import tirl.fwknop.access.Include;
import tirl.fwknop.access.Inclusions;
import tirl.importer.ImportLine.Fate;

class FwknopImporterTest {
    private static final Path SAMPLE = Path.of("..", "testdata", "configs", "fwknop", "import", "2.6");

    private static AccessFile file(String name) {
        try {
            return AccessFile.read(name, Files.readAllBytes(SAMPLE.resolve(name)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ImportReport convert(byte[] daemon, AccessFile access) {
        FwknopdConfParser.Result conf = FwknopdConfParser.parse("fwknopd.conf", daemon);
        Inclusions inclusions = include -> new Inclusions.Found.Files(List.of(file(include.path())));
        AccessParser.Result stanzas = AccessParser.parse(access, conf.conf(), inclusions, ZoneOffset.UTC);
        List<Finding> findings = new ArrayList<>(conf.findings());
        findings.addAll(stanzas.findings());
        List<AccessFile> files = new ArrayList<>(List.of(AccessFile.read("fwknopd.conf", daemon), access));
        access.includes().stream()
                .map(Include::path)
                .map(FwknopImporterTest::file)
                .forEach(files::add);
        return FwknopImporter.convert(new FwknopSource("/etc/fwknop", files, conf.conf(), stanzas.stanzas(), findings));
    }

    private static ImportReport sample() throws IOException {
        return convert(Files.readAllBytes(SAMPLE.resolve("fwknopd.conf")), file("access.conf"));
    }

    private static ImportReport text(String access) {
        return convert(new byte[0], AccessFile.read("access.conf", access.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void files_stay_andTheirPortsBecomeServices() throws IOException {
        assertThat(sample().toml().replaceAll("(?m)^#.*\n", "")).isEqualTo("""

                [daemon]
                interfaces = ["srv0"]
                firewall = "join"

                [fwknop]
                directory = "/etc/fwknop"

                [[service]]
                name = "ssh"
                ports = ["tcp/22"]

                [[service]]
                name = "udp-53"
                ports = ["udp/53"]
                """);
        assertThat(sample().toml() + sample().lines()).doesNotContain("MDEy", "ZmVk", "YW4g", "YW5v");
    }

    @Test
    void report_hasEveryLine_withWhatBecameOfIt() throws IOException {
        List<ImportLine> lines = sample().lines();
        assertThat(lines)
                .filteredOn(line -> line.file().equals("fwknopd.conf"))
                .extracting(ImportLine::fate)
                .containsExactly(Fate.CONVERTED, Fate.KEPT, Fate.DROPPED, Fate.DROPPED);
        assertThat(lines)
                .filteredOn(line -> line.file().equals("access.conf"))
                .extracting(ImportLine::fate)
                .containsExactly(Fate.KEPT, Fate.KEPT, Fate.KEPT, Fate.KEPT, Fate.DROPPED, Fate.KEPT, Fate.KEPT);
        assertThat(lines)
                .extracting(ImportLine::text)
                .contains(
                        "OPEN_PORTS stays; the ports have services: [\"ssh\"]",
                        "OPEN_PORTS stays; the ports have services: [\"ssh\", \"udp-53\"]",
                        "KEY_BASE64 stays here: no key is copied",
                        "SOURCE stays; the stanza's leases are named fwknop:more.conf:1");
    }

    /** A lock-out in waiting, or an open door: nobody but the administrator knows which ports are meant. */
    @Test
    void withoutPorts_nothingIsShut_andItIsSaid() {
        ImportReport report = text("SOURCE ANY\nKEY abcdefghijklmnop\nHMAC_KEY zyxwvutsrqponmlk\n");
        assertThat(report.toml()).doesNotContain("\n[[service]]");
        assertThat(report.lines()).anySatisfy(line -> {
            assertThat(line.fate()).isEqualTo(Fate.CHANGED);
            assertThat(line.text()).contains("nothing is shut");
        });
    }

    @Test
    void portsThatLeadElsewhere_areNoServicesOfThisHost() {
        ImportReport report = text("""
                SOURCE ANY
                KEY abcdefghijklmnop
                HMAC_KEY zyxwvutsrqponmlk
                OPEN_PORTS tcp/80
                FORCE_NAT 10.0.0.5 80
                """);
        assertThat(report.toml()).doesNotContain("\n[[service]]");
    }

    @Test
    void whatFwknopdRefuses_givesItsReasonsAndNoFile() {
        ImportReport report = text("SOURCE ANY\nKEY __CHANGEME__\nOPEN_PORTS 22\n");
        assertThat(report.toml()).isEmpty();
        assertThat(report.lines())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.fate()).isEqualTo(Fate.NOT_CONVERTIBLE));
    }
}
