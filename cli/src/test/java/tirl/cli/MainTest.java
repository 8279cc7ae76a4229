package tirl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import tirl.config.Config;
import tirl.config.Config.FirewallMode;
import tirl.config.Problem;
import tirl.daemon.config.ConfigReader;

/** Options, messages and exit codes; what needs a network is in the lab. */
class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private int run(String... words) {
        CommandLine line = Main.commandLine(words);
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --help                       | 0 | Usage: tirl
            help knock                   | 1 | Usage: tirl knock
            --version                    | 0 | tirl
            bogus                        | 2 | Unmatched argument
            check /nonexistent/x         | 1 | there is no such file
            check                        | 2 | Missing required parameter
            knock                        | 1 | Missing required parameter
            knock h                      | 1 | name at least one port
            knock -h                     | 1 | Usage: tirl knock
            knock -V                     | 0 | tirl
            knock -d -5 h 1              | 1 | delay cannot be negative
            knock 127.0.0.1 70000        | 1 | ports go from 1 to 65535
            knock --one-time /x h 7      | 1 | --one-time has the ports
            knock --one-time /nox/x h    | 1 | /nox/x
            knockd --bogus               | 0 | Usage: tirl knockd
            knockd -h                    | 0 | Usage: tirl knockd
            knockd -V                    | 0 | knockd (tirl
            knockd -c /nonexistent/x     | 1 | /nonexistent/x: No such file or directory
            knockd --command-limit 5     | 1 | is no duration
            import bogus x               | 2 | expected one of [KNOCKD, FWKNOP]
            import fwknop /nonexistent/x | 1 | there is no such file
            import fwknop /              | 1 | fwknop's configuration is not here
            import --help                | 0 | tirl import fwknop /etc/fwknop
            import knockd /nonexistent/x | 1 | there is no such file
            try                          | 2 | name the file to try, or write --abort
            try x --abort                | 2 | name the file to try, or write --abort
            try /nonexistent/x           | 1 | /nonexistent/x cannot be read
            reload --within 5s           | 2 | --within goes with --try
            confirm --control /nonexist  | 1 | is `tirl serve` running?
            rollback --control /nonexist | 1 | is `tirl serve` running?
            join TIRL:AEAX5F4C5L4D6MS    | 1 | this is no invitation
            join --port 0 x              | 2 | ports go from 1 to 65535
            join --user -x y             | 2 | -x
            open --profiles /nox gate    | 1 | there is no profile gate
            close --profiles /nox gate   | 1 | there is no profile gate
            rotate --profiles /nox gate  | 1 | there is no profile gate
            doctor --profiles /nox gate  | 1 | there is no profile gate
            keep --profiles /nox ../gate | 1 | cannot be the name
            status --control /nonexistent| 1 | is `tirl serve` running?
            """)
    void execute_commandLine_givesExitCodeAndText(String words, int code, String text) {
        assertThat(run(words.split(" ", -1))).isEqualTo(code);
        assertThat(out.toString() + err).contains(text).doesNotContain("\tat ");
    }

    /** The secret is not repeated in the message. */
    @Test
    void join_argument_isNotedAsVisible_andNotPrinted() {
        assertThat(run("join", "TIRL:AEAX5F4C5L4D6MS")).isEqualTo(1);
        assertThat(err.toString()).contains("other users of this machine").doesNotContain("AEAX5F4C5L4D6MS");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            doctor gate            | has a plain sequence, which has no answer
            rotate gate            | goes with tirl SPA only
            close gate             | goes with tirl SPA only
            open gate --icmp       | no --service, --code, --classical or --icmp
            open gate --answer     | has no answer
            open gate --for 5m     | its server says for how long
            """)
    void plainSequence_hasNothingOfSpa(String words, String text) throws IOException {
        Path file = Files.writeString(folder.resolve("gate.toml"), "host = '127.0.0.1'\nknock = ['udp/9']\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThat(run((words + " --profiles " + folder).split(" ", -1))).isEqualTo(1);
        assertThat(err.toString()).contains(text);
    }

    /** Only the named command is looked at, and nobody is to notice. */
    @ParameterizedTest
    @MethodSource("commandNames")
    void commandLine_withOneCommand_isAsWithAll(String name) {
        CommandLine alone = Objects.requireNonNull(
                Main.commandLine(name, "x").getSubcommands().get(name));
        CommandLine among =
                Objects.requireNonNull(Main.commandLine().getSubcommands().get(name));
        assertThat(alone.getCommandName()).isEqualTo(name);
        assertThat(alone.getUsageMessage()).isEqualTo(among.getUsageMessage());
        assertThat(alone.isStopAtPositional()).isEqualTo(among.isStopAtPositional());
        assertThat(alone.isAbbreviatedOptionsAllowed()).isTrue();
    }

    /** picocli is told not to look for converters to these types, see Main. */
    @ParameterizedTest
    @MethodSource("commandNames")
    void commandLine_anyOption_isOfATypeThatIsConverted(String name) {
        CommandLine command =
                Objects.requireNonNull(Main.commandLine(name).getSubcommands().get(name));
        Stream<CommandLine> all = Stream.concat(Stream.of(command), command.getSubcommands().values().stream());
        assertThat(all.flatMap(one -> one.getCommandSpec().args().stream())
                        .flatMap(option -> Stream.of(option.auxiliaryTypes()))
                        .map(Class::getName))
                .noneMatch(type -> type.startsWith("java.time.") || type.startsWith("java.sql."));
    }

    static Set<String> commandNames() {
        return Subcommands.all().keySet();
    }

    @Test
    void commandLine_withOneCommand_knowsNoOther() {
        assertThat(Main.commandLine("knock", "h").getSubcommands()).containsOnlyKeys("knock");
        assertThat(Main.commandLine("bogus").getSubcommands().keySet())
                .containsExactlyElementsOf(Subcommands.all().keySet());
    }

    @Test
    void check_fileWithMistakes_printsThemWithTheirPlaces() throws IOException {
        Path file = Files.writeString(folder.resolve("t.toml"), "[daemon]\ninterfaces = [\"eth0\"]\nx = 1\n");
        assertThat(run("check", file.toString())).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo(file + ":3:1: \"x\" means nothing in [daemon]; there is control, firewall, "
                        + "guarded-range, interfaces, mark, public, state" + System.lineSeparator());
    }

    @Test
    void import_knockdConf_writesAFileForTheOwnerOnlyAndOverwritesNone() throws IOException {
        Path conf = Files.writeString(
                folder.resolve("knockd.conf"),
                "[ssh]\nsequence = 7000,9000,8000\ncommand = /sbin/iptables -A INPUT -s %IP% -p tcp --dport 22 -j ACCEPT\n");
        Path toml = folder.resolve("tirl.toml");
        assertThat(run("import", "knockd", conf.toString(), "-o", toml.toString()))
                .isZero();
        assertThat(Files.readString(toml)).contains("sequence = [\"tcp/7000\", \"tcp/9000\", \"tcp/8000\"]");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(toml)))
                .isEqualTo("rw-------");
        assertThat(run("check", toml.toString())).isZero();
        assertThat(run("import", "knockd", conf.toString(), "-o", toml.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("exists already");
    }

    /** Both versions, by a directory and by one of its files; the report names each file. */
    @Test
    void import_fwknopsFiles_areKnownByWhatTheyAre() throws IOException {
        Path modern = Files.createDirectory(folder.resolve("2"));
        Files.writeString(modern.resolve("fwknopd.conf"), "PCAP_INTF eth7;\n");
        Path access = Files.writeString(
                modern.resolve("access.conf"), "SOURCE ANY\nOPEN_PORTS tcp/22\nKEY 0123456789abcdef\n");
        for (Path place : List.of(modern, access)) {
            assertThat(run("import", "fwknop", place.toString())).isZero();
        }
        assertThat(out.toString())
                .contains("directory = \"" + modern + "\"", "interfaces = [\"eth7\"]")
                .doesNotContain("0123456789abcdef");
        assertThat(err.toString()).contains(access + ":2: kept: OPEN_PORTS", "fwknopd.conf:1: converted: PCAP_INTF");

        Path legacy = Files.createDirectory(folder.resolve("1"));
        Path stanza = Files.writeString(
                legacy.resolve("access.conf"), "SOURCE: ANY;\nSHARED_SEQUENCE: tcp/9, udp/8;\nOPEN_PORTS: tcp/22;\n");
        for (Path place : List.of(legacy, stanza)) {
            assertThat(run("import", "fwknop", place.toString())).isZero();
        }
        assertThat(out.toString()).contains("sequence = [\"tcp/9\", \"udp/8\"]");
        assertThat(err.toString()).contains(stanza + ":2: converted: sequence");

        Files.writeString(access, "SOURCE ANY\nKEY __CHANGEME__\n");
        assertThat(run("import", "fwknop", modern.toString())).isEqualTo(1);
        assertThat(err.toString()).contains(access + ":2: not convertible: the key is still __CHANGEME__");
    }

    @Test
    void init_fileWithMistakes_changesNothing() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.toml"), "[daemon]\ninterfaces = []\n");

        assertThat(run("init", "--yes", "-c", file.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("has mistakes", "tirl check", "nothing was changed");
    }

    /** What init writes is a configuration without a mistake, and no two are alike. */
    @Test
    void starterConfig_isGood_andItsSequenceIsDrawn() throws IOException {
        for (FirewallMode mode : List.of(FirewallMode.GUARD, FirewallMode.JOIN)) {
            boolean joins = mode == FirewallMode.JOIN;
            String first = StarterConfig.text(List.of("eth0", "wg0"), joins, new Random(1));
            Path file = Files.writeString(folder.resolve("tirl.toml"), first);
            assertThat(ConfigReader.read(file).problems().stream().filter(Problem::isError))
                    .isEmpty();
            Config config = ConfigReader.read(file).config().orElseThrow();
            assertThat(config.firewall()).isEqualTo(mode);
            assertThat(config.interfaces()).containsExactly("eth0", "wg0");
            assertThat(config.doors().getFirst().sequence()).hasSize(4);
            assertThat(StarterConfig.text(List.of("eth0", "wg0"), joins, new Random(2)))
                    .isNotEqualTo(first);
        }
    }
}
