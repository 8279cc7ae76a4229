package tirl.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.config.Config;
import tirl.config.Problem;
import tirl.door.BreakGlass;
import tirl.door.Door;
import tirl.door.FlagCondition;
import tirl.door.Service;

class ConfigReaderTest {
    private static final String GOOD = """
            [daemon]
            interfaces = ["eth0", "wg0"]
            control = "/run/t.sock"
            firewall = "guard"
            guarded-range = "1000-9999"
            public = ["tcp/443"]
            [[service]]
            name = "ssh"
            ports = ["tcp/22"]
            [[door]]
            name = "ops"
            sequence = ["tcp/9000", "udp/7000", "icmp/echo:64"]
            within = "5s"
            opens = ["ssh"]
            for = "2m"
            flags = ["syn", "!ack"]
            strict = false
            tolerate-repeat = false
            [limits]
            half-done = 1000
            leases = 10
            leases-per-source = 2
            """;

    @Test
    void iptables_isAnotherFirewall() {
        ConfigResult result = ConfigReader.parse(GOOD.replace("\"guard\"", "\"iptables\""));
        assertThat(result.problems()).isEmpty();
        assertThat(result.config().orElseThrow().firewall()).isEqualTo(Config.FirewallMode.IPTABLES);
    }

    @Test
    void iptables_withWhatItCannotDo_isOneErrorEach_withTheRemedy() {
        String text = GOOD.replace("\"guard\"", "\"iptables\"")
                .replace("[\"tcp/22\"]", "[\"tcp/22\"]\nforward = \"10.0.0.5:22\"");
        ConfigResult result = ConfigReader.parse(text);
        assertThat(result.config()).isEmpty();
        assertThat(result.problems())
                .extracting(Problem::message)
                .filteredOn(message -> message.contains("iptables"))
                .hasSize(1)
                .allMatch(message -> message.contains("needs nftables") && message.contains("firewall = \"guard\""));
        assertThat(result.problems()).allMatch(problem -> problem.line() > 1);
    }

    @Test
    void parse_goodFile_givesAllOfIt() {
        ConfigResult result = ConfigReader.parse(GOOD);
        assertThat(result.problems()).isEmpty();
        Config config = result.config().orElseThrow();
        assertThat(config.interfaces()).containsExactly("eth0", "wg0");
        assertThat(config.control()).isEqualTo(Path.of("/run/t.sock"));
        assertThat(config.guardedRange()).isEqualTo(new Config.PortRange(1000, 9999));
        assertThat(config.limits()).isEqualTo(new Config.Limits(1000, 10, 2));
        Door door = config.doors().getFirst();
        assertThat(door.sequence()).hasToString("[tcp/9000, udp/7000, icmp/echo:64]");
        assertThat(door.within()).isEqualTo(Duration.ofSeconds(5));
        assertThat(door.lease()).isEqualTo(Duration.ofMinutes(2));
        assertThat(door.flags()).isEqualTo(FlagCondition.CONNECT);
        assertThat(door.strict()).isFalse();
        assertThat(door.tolerateRepeat()).isFalse();
    }

    /** Each replaces a part of the good file and expects one problem, by its place and a part of its text. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            interfaces = ["eth0", "wg0"]  | interfaces = []                | 2:1   | interfaces is empty
            interfaces = ["eth0", "wg0"]  | interfaces = "eth0"            | 2:1   | interfaces must be a list
            interfaces = ["eth0", "wg0"]  | interfaces = ["any", "eth0"]   | 2:1   | "any" stands alone
            interfaces = ["eth0", "wg0"]  | interfaces = ["a/b"]           | 2:15  | "a/b" is no name of an interface
            interfaces = ["eth0", "wg0"]  | interfaces = [5]               | 2:15  | interfaces holds texts
            interfaces = ["eth0", "wg0"]  | intefaces = ["eth0"]           | 2:1   | "intefaces" means nothing in [daemon]; did you mean "interfaces"?
            control = "/run/t.sock"       | control = "t.sock"             | 3:1   | must begin with /
            firewall = "guard"            | firewall = "door"              | 4:1   | no way to enforce
            firewall = "guard"            | mark = "0x1000"                | 4:1   | mark is for firewall = "join" only
            firewall = "guard"            | mark = "0x3"                   | 4:1   | is not one bit of 32
            firewall = "guard"            | mark = "4096"                  | 4:1   | write one such as "0x1000"
            firewall = "guard"            | mark = "0x200000000"           | 4:1   | is not one bit of 32
            guarded-range = "1000-9999"   | guarded-range = "9-1"          | 5:1   | write 1-9
            public = ["tcp/443"]          | public = ["tcp/22"]            | 6:11  | public and guarded
            name = "ssh"                  | name = "s s h"                 | 8:1   | is no name
            name = "ssh"                  | nam = "ssh"                    | 8:1   | did you mean "name"?
            ports = ["tcp/22"]            | ports = ["tcp/x"]              | 9:10  | "tcp/x" is no port
            ports = ["tcp/22"]            | ports = ["icmp/1"]             | 9:10  | "icmp/1" is no port
            name = "ops"                  | name = ""                      | 11:1  | name is empty
            "udp/7000"                    | "udp/90000"                    | 12:25 | no port 90000
            within = "5s"                 | within = 5                     | 13:1  | within must be a text
            within = "5s"                 | within = "2h"                  | 13:1  | within is at most 1h
            opens = ["ssh"]               | opens = ["shs"]                | 14:10 | did you mean "ssh"?
            for = "2m"                    | for = "2 m"                    | 15:1  | is no duration
            flags = ["syn", "!ack"]       | flags = ["syn", "!syn"]        | 16:17 | "!syn" is no flag, or contradicts
            strict = false                | strict = "no"                  | 17:1  | strict must be true or false
            half-done = 1000              | half-done = 1                  | 20:1  | it goes from 16
            [limits]                      | [limit]                        | 19:1  | "limit" is no section; did you mean "limits"?
            [[door]]                      | [door]                         | 10:1  | write [[door]]
            """)
    void parse_mistake_isReportedWithItsPlace(String good, String bad, String place, String message) {
        ConfigResult result = ConfigReader.parse(GOOD.replace(good, bad));
        assertThat(result.config()).isEmpty();
        assertThat(result.problems().stream().map(problem -> problem.at("f")))
                .anySatisfy(
                        line -> assertThat(line).startsWith("f:" + place + ":").contains(message));
    }

    @ParameterizedTest
    @CsvSource({"'', 4096", "'mark = \"0x80000000\"', -2147483648", "'mark = \"0x0004\"', 4"})
    void parse_join_hasAMark(String line, int mark) {
        Config config = ConfigReader.parse(GOOD.replace("firewall = \"guard\"", "firewall = \"join\"\n" + line))
                .config()
                .orElseThrow();
        assertThat(config.firewall()).isEqualTo(Config.FirewallMode.JOIN);
        assertThat(config.mark()).isEqualTo(mark);
    }

    @Test
    void parse_severalMistakes_reportsAllInOrder() {
        List<Problem> problems = ConfigReader.parse(GOOD.replace("tcp/22", "tcp/x")
                        .replace("\"5s\"", "\"five\"")
                        .replace("[limits]", "[limits]\nx = 1"))
                .problems();
        assertThat(problems).extracting(Problem::line).isSorted().contains(9, 13, 20);
    }

    @Test
    void parse_brokenToml_reportsEverySyntaxError() {
        ConfigResult result = ConfigReader.parse("[daemon\ninterfaces = [\"eth0\"]\nx = = 1\n");
        assertThat(result.config()).isEmpty();
        assertThat(result.problems()).extracting(Problem::line).contains(1, 3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sequence = ["tcp/7000"]                           | one step opens to every port scan
            sequence = ["tcp/7000", "tcp/8000", "tcp/9000"]   | strict = false opens to a port scan in order
            sequence = ["tcp/7000", "tcp/22", "tcp/6000"]     | tcp/22 is a step and guarded
            """)
    void parse_weakSequence_isWarnedOfButUsed(String sequence, String message) {
        ConfigResult result =
                ConfigReader.parse(GOOD.replace("sequence = [\"tcp/9000\", \"udp/7000\", \"icmp/echo:64\"]", sequence));
        assertThat(result.config()).isPresent();
        assertThat(result.problems()).anySatisfy(problem -> {
            assertThat(problem.isError()).isFalse();
            assertThat(problem.message()).contains(message);
        });
    }

    @Test
    void parse_portsInARow_isRefused() {
        String sequence = "sequence = [\"tcp/7000\", \"tcp/7001\", \"tcp/7002\"]";
        ConfigResult result =
                ConfigReader.parse(GOOD.replace("sequence = [\"tcp/9000\", \"udp/7000\", \"icmp/echo:64\"]", sequence)
                        .replace("strict = false", "strict = true"));
        assertThat(result.config()).isEmpty();
        assertThat(result.problems().getFirst().message()).contains("every port scan in order opens the door");
    }

    private static final String GLASS = """
            [break-glass]
            sequence = ["tcp/31001", "udp/41007", "tcp/22017"]
            opens = ["ssh"]
            for = "2m"
            """;

    @Test
    void parse_breakGlass_hasItsDefaults() {
        BreakGlass glass = ConfigReader.parse(GOOD + GLASS)
                .config()
                .flatMap(Config::breakGlass)
                .orElseThrow();
        assertThat(glass.sequence()).hasToString("[tcp/31001, udp/41007, tcp/22017]");
        assertThat(glass.lease()).isEqualTo(Duration.ofMinutes(2));
        assertThat(glass.within()).isEqualTo(Duration.ofSeconds(15));
        assertThat(glass.after()).isEqualTo(Duration.ofSeconds(30));
        assertThat(ConfigReader.parse(GOOD).config().flatMap(Config::breakGlass))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "tcp/31001", "udp/41007", "tcp/22017" | "tcp/7000", "tcp/7001" | every port scan in order opens
            "tcp/31001", "udp/41007", "tcp/22017" | "tcp/7000"             | has 2 to 8 steps
            "tcp/31001", "udp/41007", "tcp/22017" |                        | sequence is empty
            "udp/41007" | "icmp/echo"   | is no step of break-glass
            "udp/41007" | "tcp/31001"   | tcp/31001 comes twice
            "udp/41007" | "tcp/22"      | tcp/22 is guarded by a service
            "udp/41007" | "tcp/443"     | tcp/443 is public
            opens = ["ssh"] | opens = ["shs"] | did you mean "ssh"?
            for = "2m"  | for = "2d"    | for is at most 1d
            for = "2m"  | fro = "2m"    | did you mean "for"?
            for = "2m"  | for = "2m" NEXT after = "2s" | after is at least 3s
            for = "2m"  | for = "2m" NEXT after = "1h" | after is at most 10m
            [break-glass] | [[break-glass]] | write [break-glass], once
            [break-glass] | [break-glas]    | did you mean "break-glass"?
            """)
    void parse_breakGlassMistake_isReported(String good, String bad, String message) {
        String changed = GLASS.replace(good, bad == null ? "" : bad.replace(" NEXT ", "\n"));
        ConfigResult result = ConfigReader.parse(GOOD + changed);
        assertThat(result.config()).isEmpty();
        assertThat(result.problems())
                .extracting(Problem::message)
                .anySatisfy(text -> assertThat(text).contains(message));
    }

    @Test
    void parse_breakGlassAscending_isWarnedOf_andADoorOfItsNameRefused() {
        ConfigResult ascending = ConfigReader.parse(GOOD + GLASS.replace("22017", "51017"));
        assertThat(ascending.config()).isPresent();
        assertThat(ascending.problems().getFirst().message()).contains("scan of selected ports");
        assertThat(ConfigReader.parse(GOOD.replace("\"ops\"", "\"break-glass\"") + GLASS)
                        .config())
                .isEmpty();
    }

    @Test
    void parse_sequencesThatRepeatAPortAtLength_areWarnedOf() {
        String steps = "sequence = [" + "\"tcp/7000\", ".repeat(9);
        String repetitive = GOOD.replaceFirst("sequence = \\[", steps);
        assertThat(ConfigReader.parse(GOOD).problems())
                .extracting(Problem::message)
                .noneMatch(m -> m.contains("at once"));
        assertThat(ConfigReader.parse(repetitive).config()).isPresent();
        assertThat(ConfigReader.parse(repetitive).problems())
                .filteredOn(problem -> !problem.isError())
                .extracting(Problem::message)
                .anyMatch(message -> message.contains("of 9 of them at once; 8 are followed"));
    }

    @Test
    void parse_repeatedNames_areRefused() {
        String twice = GOOD + GOOD.substring(GOOD.indexOf("[[service]]"), GOOD.indexOf("[limits]"));
        assertThat(ConfigReader.parse(twice).problems())
                .extracting(Problem::message)
                .anyMatch(message -> message.contains("a service \"ssh\" already"))
                .anyMatch(message -> message.contains("a door \"ops\" already"));
    }

    @Test
    void read_noFileOrNoText_isOneProblem(@TempDir Path folder) throws Exception {
        assertThat(ConfigReader.read(folder.resolve("none")).problems())
                .extracting(Problem::message)
                .containsExactly("there is no such file");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThat(ConfigReader.read(binary).problems())
                .extracting(Problem::message)
                .containsExactly("this is not UTF-8 text");
        assertThat(ConfigReader.read(folder).problems()).hasSize(1);
    }

    @Test
    void parse_forwardAndCut_areRead() {
        String text = GOOD.replace("ports = [\"tcp/22\"]", """
                ports = ["tcp/22"]
                cut = true
                masquerade = true
                forward = ["10.0.0.5:443", "[fd00::5]:443"]""");
        Service service =
                ConfigReader.parse(text).config().orElseThrow().services().getFirst();
        assertThat(service.cut()).isTrue();
        assertThat(service.masquerade()).isTrue();
        assertThat(service.forwards()).hasToString("[10.0.0.5:443, [fd00::5]:443]");
        assertThat(ConfigReader.parse(GOOD.replace("name = \"ssh\"", "name = \"ssh\"\nforward = \"10.0.0.5:443\""))
                        .config()
                        .orElseThrow()
                        .services()
                        .getFirst()
                        .forwards())
                .hasSize(1);
    }

    /** Each takes the place of the ports of the good file, which are in line 9. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ports = ["tcp/22"];forward = "10.0.0.5"                        | 10:1  | "10.0.0.5" is no target; write 10.0.0.5:443 or [fd00::5]:443
            ports = ["tcp/22"];forward = "fd00::5:443"                     | 10:1  | is no target
            ports = ["tcp/22"];forward = "[10.0.0.5]:443"                  | 10:1  | is no target
            ports = ["tcp/22"];forward = "host:443"                        | 10:1  | is no target
            ports = ["tcp/22"];forward = "10.0.0.5:70000"                  | 10:1  | no port 70000
            ports = ["tcp/22"];forward = ["10.0.0.5:1", "127.0.0.1:1"]     | 10:26 | 127.0.0.1 is no address of a machine behind this host
            ports = ["tcp/22"];forward = ["10.0.0.5:1", "10.0.0.6:1"]      | 10:26 | forward has two targets for IPv4
            ports = ["tcp/22"];forward = "[fe80::1]:443"                   | 10:1  | no address of a machine behind
            ports = ["tcp/22"];forward = []                                | 10:1  | forward is empty
            ports = ["tcp/22"];forward = 5                                 | 10:1  | forward must be
            ports = ["tcp/22", "tcp/23"];forward = "10.0.0.5:443"          | 9:1   | has one port
            ports = ["tcp/22"];masquerade = true                           | 10:1  | for a service with "forward"
            ports = ["tcp/22"];cut = "yes"                                 | 10:1  | cut must be true or false
            ports = ["tcp/22"];[[service]];name = "b";ports = ["tcp/22"];forward = "10.0.0.5:443" | 12:10 | belongs to service "ssh" too
            """)
    void parse_mistakeInAService_isReportedWithItsPlace(String lines, String place, String message) {
        ConfigResult result = ConfigReader.parse(GOOD.replace("ports = [\"tcp/22\"]", lines.replace(";", "\n")));
        assertThat(result.config()).isEmpty();
        assertThat(result.problems().stream().map(problem -> problem.at("f")))
                .anySatisfy(
                        line -> assertThat(line).startsWith("f:" + place + ":").contains(message));
    }
}
