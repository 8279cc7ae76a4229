package tirl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tirl.daemon.control.ControlException;

class DevicesTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final InputStream in = System.in;

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private FakeDaemon daemon;
    private List<Map<String, Object>> devices = List.of();

    @BeforeEach
    void start() throws IOException {
        daemon = new FakeDaemon(folder, this::answer);
    }

    @AfterEach
    void stop() {
        daemon.close();
        System.setIn(in);
    }

    private Object answer(Map<String, Object> request) throws ControlException {
        if ("nobody".equals(request.get("name"))) {
            throw new ControlException("there is no device nobody; `tirl devices` lists them");
        }
        return switch (String.valueOf(request.get("command"))) {
            case "devices" -> devices;
            case "device-revoke" -> Map.of("leases", 2);
            case "device-replace" ->
                Map.of("name", "anna", "uri", QrCodeTest.URI, "valid-until", "2026-11-22T08:30:00Z");
            case "devices-export" -> Map.of("devices", devices);
            case "devices-import" -> taken(request);
            case String command -> command + " is done";
        };
    }

    private static Object taken(Map<String, Object> request) throws ControlException {
        List<?> sent = request.get("devices") instanceof List<?> list ? list : List.of();
        if (sent.toString().contains("broken")) {
            throw new ControlException("broken.toml:1:1: key is missing");
        }
        return Map.of("added", sent.size(), "changed", 0);
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

    @Test
    void devices_none_saysHowToInvite() {
        assertThat(run("devices")).isZero();
        assertThat(out.toString()).isEqualTo("no devices; `tirl invite NAME --service ssh` invites one\n");
    }

    @Test
    void devices_some_areATable() {
        devices = List.of(
                Map.of(
                        "name",
                        "anna",
                        "state",
                        "device",
                        "services",
                        List.of("ssh", "web"),
                        "longest",
                        "2h",
                        "last-seen",
                        "nonsense",
                        "grants",
                        7,
                        "leases",
                        1,
                        "most-leases",
                        8,
                        "classical",
                        true),
                Map.of(
                        "name",
                        "visitor",
                        "state",
                        "invited",
                        "services",
                        List.of("web"),
                        "longest",
                        "30m",
                        "from",
                        List.of("10.0.0.0/8"),
                        "hours",
                        List.of("mon-fri 08:00-18:00"),
                        "code",
                        true,
                        "uses",
                        1,
                        "address",
                        List.of("equal"),
                        "valid-until",
                        "?"));
        assertThat(run("devices", "list")).isZero();
        assertThat(out.toString()).isEqualTo("""
                NAME                     STATE     SERVICES             LONGEST LEASES GRANTS  LAST SEEN         LIMITS
                anna                     device    ssh, web                  2h      1      7  nonsense
                visitor                  invited   web                      30m      -      -  never             \
                invitation until ?; from 10.0.0.0/8; mon-fri 08:00-18:00; address equal; uses 1; code
                """);
        out.getBuffer().setLength(0);
        assertThat(run("devices", "--json")).isZero();
        assertThat(out.toString()).startsWith("[{").contains("\"name\":\"anna\"");
    }

    @Test
    void requests_areTheContracts() {
        assertThat(run("devices", "rename", "a", "b")).isZero();
        assertThat(run(
                        "devices", "change", "a", "--from", "none", "--hours", "none", "--until", "never", "--uses",
                        "0"))
                .isZero();
        assertThat(run("devices", "change", "a", "--classical", "--for", "4h")).isZero();
        assertThat(run("devices", "rotate", "anna", "--grace", "2h", "--no-qr")).isZero();
        assertThat(run("devices", "key", "a", "TIRLKEY:ABC")).isZero();
        assertThat(daemon.asked())
                .containsExactly(
                        Map.of("command", "device-rename", "name", "a", "to", "b"),
                        Map.of(
                                "command",
                                "device-change",
                                "name",
                                "a",
                                "rules",
                                Map.of("from", List.of(), "hours", List.of(), "until", "", "uses", 0)),
                        Map.of(
                                "command",
                                "device-change",
                                "name",
                                "a",
                                "rules",
                                Map.of("classical", true, "longest", "4h")),
                        Map.of("command", "device-replace", "name", "anna", "valid", "2h"),
                        Map.of("command", "device-key", "name", "a", "key", "TIRLKEY:ABC"));
        assertThat(out.toString()).contains("device-rename is done\n", "device-change is done\n", QrCodeTest.URI);
    }

    @Test
    void key_onStandardInput_isItsFirstLine() {
        System.setIn(new ByteArrayInputStream("\n  TIRLKEY:ABC \nmore\n".getBytes(StandardCharsets.US_ASCII)));
        assertThat(run("devices", "key", "a")).isZero();
        assertThat(daemon.asked()).containsExactly(Map.of("command", "device-key", "name", "a", "key", "TIRLKEY:ABC"));
        System.setIn(new ByteArrayInputStream(new byte[0]));
        assertThat(run("devices", "key", "a")).isEqualTo(1);
        assertThat(err.toString()).contains("tirl join --offline");
    }

    /** Those before the one that is not there are out, and said so. */
    @Test
    void revoke_oneIsUnknown_tellsOfTheOthers() {
        assertThat(run("devices", "revoke", "anna", "nobody", "bob")).isEqualTo(1);
        assertThat(out.toString()).isEqualTo("anna is out; leases taken back: 2\n");
        assertThat(err.toString()).contains("there is no device nobody");
    }

    @Test
    void export_writesForTheOwnerOnlyAndOverwritesNothing() throws IOException {
        devices = List.of(Map.of("name", "anna", "text", "name = \"anna\"\n"), Map.of("name", "bob", "text", "b"));
        Path target = folder.resolve("deep/er");
        assertThat(run("devices", "export", target.toString())).isZero();
        assertThat(Files.readString(target.resolve("anna.toml"))).isEqualTo("name = \"anna\"\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve("bob.toml"))))
                .isEqualTo("rw-------");
        Files.delete(target.resolve("anna.toml"));
        assertThat(run("devices", "export", target.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("bob.toml exists already");
        assertThat(target.resolve("anna.toml")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"../evil", "/evil", ".evil", "''"})
    void export_nameThatLeadsElsewhere_isRefused(String name) throws IOException {
        devices = List.of(Map.of("name", name, "text", "x"));
        assertThat(run("devices", "export", folder.resolve("d").toString())).isEqualTo(1);
        assertThat(err.toString()).contains("is no name of a device");
        assertThat(folder.resolve("d")).doesNotExist();
    }

    @Test
    void import_directoryAndFile_areSentTogether() throws IOException {
        Path inside = Files.createDirectory(folder.resolve("in"));
        Files.writeString(inside.resolve("b.toml"), "B");
        Files.writeString(inside.resolve("a.toml"), "A");
        Files.writeString(inside.resolve("README"), "no device");
        Path single = Files.writeString(folder.resolve("c.toml"), "C");
        assertThat(run("devices", "import", inside.toString(), single.toString(), "--replace"))
                .isZero();
        assertThat(daemon.asked())
                .containsExactly(Map.of(
                        "command",
                        "devices-import",
                        "replace",
                        true,
                        "devices",
                        List.of(
                                Map.of("name", "a", "text", "A"),
                                Map.of("name", "b", "text", "B"),
                                Map.of("name", "c", "text", "C"))));
        assertThat(out.toString()).isEqualTo("3 added, 0 changed\n");
    }

    /** All or none: as one request, also of thousands. */
    @Test
    void import_thousandsOfDevices_areOneRequest() throws IOException {
        Path inside = Files.createDirectory(folder.resolve("in"));
        for (int i = 0; i < 30; i++) {
            Files.writeString(inside.resolve("d" + (100 + i) + ".toml"), "x".repeat(200_000));
        }
        assertThat(run("devices", "import", inside.toString())).isZero();
        assertThat(out.toString()).isEqualTo("30 added, 0 changed\n");
        assertThat(daemon.asked()).hasSize(1);
        Files.writeString(inside.resolve("d129.toml"), "broken");
        assertThat(run("devices", "import", inside.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("key is missing");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            devices change anna            | 2 | say what is to change
            devices rename anna            | 2 | NEW-NAME
            devices revoke                 | 2 | NAME
            devices bogus                  | 2 | Unmatched argument
            devices rotate nobody          | 1 | there is no device nobody
            devices import /nonexistent/x  | 1 | there is no such file
            devices import /sys/kernel     | 1 | has no file NAME.toml
            """)
    void devices_wrong_saysWhatIsRight(String words, int code, String text) {
        assertThat(run(words.split(" ", -1))).isEqualTo(code);
        assertThat(err.toString()).contains(text).doesNotContain("\tat ");
    }
}
