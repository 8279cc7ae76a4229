package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tirl.lab.KnockDaemon.Kind;

/** knockd's command line, files and signals, as scripts, units and administrators use them: tirl takes all as they are. */
@Tag("netns")
class KnockdDropInTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String DOOR =
            KnockDaemon.door("door", "7000,8000,9000", "tcpflags = syn", KnockDaemon.noting("start_command", "door"));
    private static final String OTHER =
            KnockDaemon.door("other", "7300", "tcpflags = syn", KnockDaemon.noting("start_command", "other"));

    private static Network network;

    @BeforeAll
    static void makeNetwork() {
        network = Network.create();
    }

    @AfterAll
    static void dropNetwork() {
        network.close();
    }

    @ParameterizedTest
    @CsvSource({"KNOCKD, short", "KNOCKD, long", "TIRL, short", "TIRL, long"})
    void optionsOfEitherLength_areTaken(Kind kind, String length) {
        boolean longer = length.equals("long");
        List<String> options = new ArrayList<>(
                longer
                        ? List.of("--verbose", "--debug", "--lookup", "--only-ip-v4", "--interface=srv0", "--logfile")
                        : List.of("-vDl4", "-isrv0", "-g"));
        try (KnockDaemon daemon = KnockDaemon.launch(kind, network.server(), DOOR, withFile(options, "log"))) {
            daemon.awaitListening(1);
            knock(daemon, "10.128.1.1");
            awaitWord("10.128.1.1: door: OPEN SESAME", daemon::out);
            assertThat(daemon.out()).contains("listening on srv0...");

            // -4: the same over IPv6, and then another over IPv4 that shows that all was seen.
            FrameSender.send(network, knocks("fd99::1:1", network.wire().serverIpv6()), SOON);
            knock(daemon, "10.128.1.2");
            awaitWord("10.128.1.2: door: OPEN SESAME", daemon::log);
            assertThat(daemon.log()).doesNotContain("fd99::1:1");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void logFileOfConfiguration_beatsTheOption(Kind kind) {
        try (KnockDaemon daemon = KnockDaemon.launch(
                kind,
                network.server(),
                "[options]\n\tLogFile = {dir}/log\n" + DOOR,
                withFile(List.of("-i", "srv0", "-g"), "other-log"))) {
            daemon.awaitListening(1);
            knock(daemon, "10.128.2.1");

            awaitWord("OPEN SESAME", daemon::log);
            assertThat(daemon.read("other-log")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void interfaceOption_beatsTheConfiguration(Kind kind) {
        try (KnockDaemon daemon = KnockDaemon.launch(
                kind,
                network.server(),
                "[options]\n\tInterface = nonexistent0\n\tLogFile = {dir}/log\n" + DOOR,
                List.of("-i", "srv0"))) {
            daemon.awaitListening(1);
            knock(daemon, "10.128.3.1");
            assertThat(daemon.log()).contains("starting up, listening on srv0\n");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void interfaceOfTheConfiguration_isTaken(Kind kind) {
        try (KnockDaemon daemon = KnockDaemon.launch(
                kind,
                network.server(),
                "[options]\n\tinterface = srv0\n\tLogFile = {dir}/log\n\tPidFile = {dir}/pid\n" + DOOR,
                List.of())) {
            daemon.awaitListening(1);
            knock(daemon, "10.128.4.1");
            // Only a daemon in the background writes one.
            assertThat(daemon.file("pid")).doesNotExist();
        }
    }

    @ParameterizedTest
    @CsvSource({"KNOCKD, ''", "KNOCKD, PidFile = {dir}/pid", "TIRL, ''", "TIRL, PidFile = {dir}/pid"})
    void daemonOption_detachesAndWritesThePidFile(Kind kind, String pidLine) {
        List<String> options = new ArrayList<>(List.of("-d", "-i", "srv0", "-p"));
        try (KnockDaemon starter = KnockDaemon.launch(
                kind,
                network.server(),
                "[options]\n\tLogFile = {dir}/log\n\t" + pidLine + "\n" + DOOR,
                withFile(options, pidLine.isEmpty() ? "pid" : "other-pid"))) {
            assertThat(starter.awaitEnd()).as(starter.said()).isZero();
            Await.until("a pid file", SOON, () -> !starter.read("pid").isBlank());
            Await.until("a log", SOON, () -> starter.log().contains("listening on"));
            assertThat(starter.file("other-pid")).doesNotExist();
            ProcessHandle daemon = ProcessHandle.of(
                            Long.parseLong(starter.read("pid").strip()))
                    .orElseThrow();
            knock(starter, "10.128.5.1");

            assertThat(daemon.destroy()).isTrue();

            Await.until("the end of the daemon", SOON, () -> !daemon.isAlive());
            assertThat(starter.file("pid")).doesNotExist();
            assertThat(starter.log()).endsWith("shutting down\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"KNOCKD, TERM, 15", "KNOCKD, INT, 2", "TIRL, TERM, 15", "TIRL, INT, 2"})
    void endingSignal_isTheExitCode(Kind kind, String signal, int code) {
        try (KnockDaemon daemon = KnockDaemon.start(kind, network.server(), DOOR)) {
            // A shell's background job ignores SIGINT unless it is told otherwise; this one is none.
            daemon.signal(signal);

            assertThat(daemon.awaitEnd()).isEqualTo(code);
            assertThat(daemon.log()).endsWith("shutting down\n");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void hangup_readsTheConfigurationAgain(Kind kind) {
        try (KnockDaemon daemon = KnockDaemon.start(kind, network.server(), DOOR)) {
            knock(daemon, "10.128.6.1");
            daemon.write("knockd.conf", "[options]\n\tLogFile = {dir}/log\n" + OTHER);

            daemon.signal("HUP");

            Await.until(() -> "the new door opens; " + daemon.said(), SOON, () -> {
                FrameSender.send(network, List.of(syn(0, "10.128.6.2", 7300)), SOON);
                return daemon.ran().contains("other 10.128.6.2");
            });
            FrameSender.send(network, knocks("10.128.6.3", network.wire().serverIpv4()), SOON);
            FrameSender.send(network, List.of(syn(0, "10.128.6.4", 7300)), SOON);
            Await.until("the new door opens", SOON, () -> daemon.ran().contains("other 10.128.6.4"));
            awaitWord("10.128.6.4", daemon::log);
            assertThat(daemon.log()).doesNotContain("10.128.6.3");
        }
    }

    /** knockd ends with 1 and says nothing in its log; a typing error must not lock everybody out. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void hangupWithABadFile_keepsTheDoors(Kind kind) {
        try (KnockDaemon daemon = KnockDaemon.start(kind, network.server(), DOOR)) {
            daemon.write("knockd.conf", "[options]\n\tLogFile = {dir}/log\n" + OTHER + "nonsense = 1\n");

            daemon.signal("HUP");

            if (kind == Kind.KNOCKD) {
                assertThat(daemon.awaitEnd()).isEqualTo(1);
                return;
            }
            Await.until(
                    () -> "the error is said; " + daemon.said(),
                    SOON,
                    () -> (daemon.log() + daemon.err()).contains("config: line 7: "));
            knock(daemon, "10.128.7.1");
            FrameSender.send(network, List.of(syn(0, "10.128.7.2", 7300)), SOON);
            knock(daemon, "10.128.7.3");
            assertThat(daemon.ran()).doesNotContain("other 10.128.7.2");
        }
    }

    /** The same events for both, one after the other; what the logs say has to be the same to the octet. */
    @Test
    void logFiles_areTheSameButForTheTime() {
        String doors = KnockDaemon.door(
                        "timed",
                        "7000,8000:udp",
                        "seq_timeout = 2",
                        "start_command = echo start %IP% %IP% >>{dir}/ran",
                        "cmd_timeout = 1",
                        "stop_command = exit 3")
                + KnockDaemon.door("fails", "7100", "command = exit 4")
                + KnockDaemon.door("silent", "7200")
                + KnockDaemon.door("v6", "7300", "command = true", "command_6 =")
                + KnockDaemon.door("long", "7400", "command = true %IP%" + " %IP%".repeat(700));
        List<String> logs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            try (KnockDaemon daemon = KnockDaemon.launch(
                    kind,
                    network.server(),
                    "[options]\n\tLogFile = {dir}/log\n" + doors,
                    List.of("-i", "srv0", "-v"))) {
                daemon.awaitListening(1);
                liveThroughEverything(daemon);
                logs.add(masked(daemon, daemon.log()));
                outputs.add(masked(daemon, daemon.out()));
            }
        }
        assertThat(logs.get(1)).isEqualTo(logs.get(0)).contains("sequence timeout");
        assertThat(outputs.get(1)).isEqualTo(outputs.get(0)).contains("OPEN SESAME");
    }

    private void liveThroughEverything(KnockDaemon daemon) {
        String source = "10.128.8.1";
        step(daemon, "timed: Stage 1", syn(0, source, 7000));
        // Late: it also makes knockd say that the time is over, and begins a new attempt.
        Await.pause(Duration.ofMillis(2_100));
        step(
                daemon,
                "non-zero status code (3)",
                syn(0, source, 7000),
                new Frame(3_000, source, network.wire().serverIpv4(), "udp", 8000, 0));
        step(daemon, "non-zero status code (4)", syn(0, source, 7100));
        step(daemon, "silent: OPEN SESAME", syn(0, source, 7200));
        step(daemon, "v6: OPEN SESAME", Frame.syn(0, "fd99::8:1", network.wire().serverIpv6(), 7300));
        step(daemon, "truncated", syn(0, source, 7400));
        daemon.signal("HUP");
        Await.until(
                () -> "the file is read again; " + daemon.said(),
                SOON,
                () -> daemon.out().contains("re-opening log file"));
        step(daemon, "10.128.8.2: silent: OPEN SESAME", syn(0, "10.128.8.2", 7200));
        daemon.signal("TERM");
        assertThat(daemon.awaitEnd()).isEqualTo(15);
    }

    private void step(KnockDaemon daemon, String line, Frame... frames) {
        FrameSender.send(network, List.of(frames), SOON);
        Await.until(
                () -> "\"" + line + "\"; " + daemon.said(),
                SOON,
                () -> daemon.log().contains(line));
    }

    private static String masked(KnockDaemon daemon, String text) {
        return text.replaceAll("(?m)^\\[\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d] ", "[TIME] ")
                .replace(daemon.file("").toString(), "DIR");
    }

    /** Its ExecStart line and the defaults file of the package, with the program in knockd's place. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void unitAndDefaultsOfDebian_startIt(Kind kind) throws IOException {
        String execStart = Files.readString(Path.of("/lib/systemd/system/knockd.service"))
                .lines()
                .filter(line -> line.startsWith("ExecStart="))
                .findFirst()
                .orElseThrow()
                .substring("ExecStart=".length());
        String defaults = Files.readString(Path.of("/etc/default/knockd")).replace("#KNOCKD_OPTS=", "KNOCKD_OPTS=");
        assertThat(execStart).startsWith("/usr/sbin/knockd ");
        assertThat(defaults).contains("KNOCKD_OPTS=\"-i eth1\"");
        Path directory = Files.createTempDirectory("tl");
        Files.createSymbolicLink(
                directory.resolve("knockd"), Path.of(kind.program().getFirst()));
        String own = kind == Kind.TIRL ? "-i eth1 --state " + directory + "/state" : "-i eth1";
        Files.writeString(directory.resolve("default"), defaults.replace("-i eth1", own));
        network.server()
                .ip("link add eth1 type veth peer name knocker netns "
                        + network.clients().name());
        network.server().ip("address add 10.79.0.1/24 dev eth1", "link set eth1 up");
        network.clients().ip("address add 10.79.0.2/24 dev knocker", "link set knocker up");
        String start =
                ". " + directory + "/default; exec " + execStart.replace("/usr/sbin/knockd", directory + "/knockd");
        try (Background unit = network.server().start("sh", "-c", start)) {
            Await.until(
                    () -> "the door of /etc/knockd.conf opens; " + unit.out() + unit.err(),
                    SOON.plus(SOON),
                    () -> knockAtTheShippedDoor());
            unit.handle().destroy();
            assertThat(unit.exit(SOON)).as("one of SuccessExitStatus").isEqualTo(15);
        } finally {
            network.server().ip("link del eth1");
            network.server().run("iptables", "-w", "-F", "INPUT");
            Command.run(SOON, List.of("rm", "-r", directory.toString())).orThrow();
        }
    }

    /**
     * The daemon has no log that says when it listens: the configuration of the package logs to syslog. If it begins
     * to listen amid three knocks, 9000 begins an attempt at its other door, and 7000 spoils that one instead of
     * beginning its own, again and again; two times 8000 ends it.
     */
    private static boolean knockAtTheShippedDoor() {
        network.clients()
                .run("knock", "-d", "10", "10.79.0.1", "8000", "8000", "7000", "8000", "9000")
                .orThrow();
        Await.pause(Duration.ofMillis(150));
        return network.server()
                .ask("iptables", "-w", "-S", "INPUT")
                .contains("-s 10.79.0.2/32 -p tcp -m tcp --dport 22 -j ACCEPT");
    }

    private static List<String> withFile(List<String> options, String file) {
        return Stream.concat(options.stream(), Stream.of("{dir}/" + file)).toList();
    }

    private void knock(KnockDaemon daemon, String source) {
        FrameSender.send(network, knocks(source, network.wire().serverIpv4()), SOON);
        Await.until(
                () -> "the door opens for " + source + "; " + daemon.said(),
                SOON,
                () -> daemon.ran().contains("door " + source));
    }

    /** tirl does not wait for its log: a command may have run before it is told. */
    private static void awaitWord(String word, Supplier<String> where) {
        Await.until(() -> word + " in " + where.get(), SOON, () -> where.get().contains(word));
    }

    private static List<Frame> knocks(String source, String server) {
        return List.of(
                Frame.syn(0, source, server, 7000),
                Frame.syn(3_000, source, server, 8000),
                Frame.syn(6_000, source, server, 9000));
    }

    private Frame syn(long atMicros, String source, int port) {
        return Frame.syn(atMicros, source, network.wire().serverIpv4(), port);
    }
}
