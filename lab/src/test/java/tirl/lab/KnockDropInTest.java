package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tirl.lab.KnockDaemon.Kind;

/** {@code tirl knock} in place of Debian's {@code knock}: the same packets, the same words, the same exit codes. */
@Tag("netns")
class KnockDropInTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final AtomicInteger MARKS = new AtomicInteger(60_000);

    private static Network network;
    private static Client client;

    @BeforeAll
    static void makeNetwork() {
        network = Network.create();
        client = network.client();
    }

    @AfterAll
    static void dropNetwork() {
        network.close();
    }

    /** Deliberate: knock sends what comes before a word that is no port, and wraps numbers that are too large. */
    @ParameterizedTest
    @ValueSource(strings = {"V4 7000 70000", "V4 7000 :", "V4 7000 7001,7002 7003", "V4 7000 nosuchservice"})
    void wordThatIsNoPort_sendsNothingAtAll(String invocation) {
        Knocked ours = knock(Stream.concat(
                Stream.of(TirlProcess.launcher(), "knock"),
                Stream.of(invocation.replace("V4", network.wire().serverIpv4()).split(" ", -1))));
        assertThat(ours.output.exit()).isEqualTo(1);
        assertThat(ours.packets).isEmpty();
    }

    /** Why a name does not resolve is the resolver's own sentence. */
    @Test
    void nameThatDoesNotResolve_isSaidInTwoLines() {
        Knocked theirs = knock(Stream.of("knock", "-v", "no.such.invalid", "7000"));
        Knocked ours = knock(Stream.of(TirlProcess.launcher(), "knock", "-v", "no.such.invalid", "7000"));
        assertThat(ours.output.exit()).isEqualTo(theirs.output.exit());
        assertThat(ours.output.err().lines().findFirst())
                .isEqualTo(theirs.output.err().lines().findFirst());
        assertThat(ours.output.err().lines().count()).isEqualTo(2);
        assertThat(ours.output.err()).contains("\ngetaddrinfo: ");
    }

    /** {@code V4} and {@code V6} stand for the server's addresses. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "V4 7000 8000 9000",
                "-v V4 7000 8000:udp 9000:tcp",
                "-v V6 7000 8000:udp",
                "-u -v V4 7000 8000:tcp",
                "--udp --verbose V4 7000",
                "-v V4 7000 -u",
                "-v -4 V4 7000",
                "-v -6 V6 7000",
                "-v --ipv4 V4 7000",
                "-v --ipv6 V6 7000",
                "-d 5 V4 7000 8000",
                "--delay 5 -v V4 7000",
                "-d words V4 7000",
                "-d -5 V4 7000",
                "-v V4 ssh domain:udp",
                "-v V4 7000:UDP 7001:udp 7002:sctp",
                "-v V4 7000:tcp:udp 7001:udp:tcp",
                "-v -6 V4 7000",
                "-v -4 V6 7000",
                "-v localhost 7000",
                "V4",
                "-x V4 7000",
                "-h",
                ""
            })
    void everyInvocation_doesTheSame(String invocation) {
        String[] words = invocation.isEmpty()
                ? new String[0]
                : invocation
                        .replace("V4", network.wire().serverIpv4())
                        .replace("V6", network.wire().serverIpv6())
                        .split(" ", -1);

        Knocked theirs = knock(Stream.concat(Stream.of("knock"), Stream.of(words)));
        Knocked ours = knock(Stream.concat(Stream.of(TirlProcess.launcher(), "knock"), Stream.of(words)));

        assertThat(ours.output.exit()).as("%s", ours.output).isEqualTo(theirs.output.exit());
        if (theirs.output.out().startsWith("usage:")) {
            assertThat(ours.output.out() + ours.output.err()).containsIgnoringCase("usage:");
        } else {
            assertThat(ours.output.out()).isEqualTo(theirs.output.out());
            assertThat(ours.output.err()).isEqualTo(theirs.output.err());
        }
        assertThat(ours.packets).isEqualTo(theirs.packets);
    }

    @Test
    void version_isPrinted() {
        assertThat(client.run(TirlProcess.launcher(), "knock", "-V").orThrow().out())
                .isNotBlank();
    }

    @Test
    void delay_isKeptAfterEveryKnock() {
        long start = System.nanoTime();

        client.run(TirlProcess.launcher(), "knock", "-d", "150", network.wire().serverIpv4(), "7000", "8000", "9000")
                .orThrow();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(450));
    }

    @Test
    void oneTimeFile_isUsedLineByLine() throws IOException {
        String sequences = " 7100,8100:udp\n 7101,8101\n 7102,8102\n";
        Path file = Files.createTempFile("tl", ".once");
        try (KnockDaemon daemon = KnockDaemon.launch(
                Kind.TIRL,
                network.server(),
                "[options]\n\tLogFile = {dir}/log\n"
                        + KnockDaemon.oneTimeDoor("once", "once", KnockDaemon.noting("start_command", "once")),
                List.of("-i", "srv0"),
                Map.of("once", sequences))) {
            daemon.awaitListening(1);
            Files.writeString(file, sequences);
            for (int time = 1; time <= 2; time++) {
                int openings = time;
                client.run(
                                TirlProcess.launcher(),
                                "knock",
                                "-d",
                                "10",
                                "--one-time",
                                file.toString(),
                                network.wire().serverIpv4())
                        .orThrow();

                Await.until(
                        () -> "opening number " + openings + "; " + daemon.said(),
                        SOON,
                        () -> daemon.ran().size() == openings);
            }
            assertThat(Files.readString(file)).isEqualTo("#7100,8100:udp\n#7101,8101\n 7102,8102\n");
            assertThat(daemon.read("once")).isEqualTo(Files.readString(file));
        } finally {
            Files.delete(file);
        }
    }

    /** What a run printed and sent. */
    private record Knocked(Output output, List<String> packets) {
        private Knocked {
            packets = List.copyOf(packets);
        }
    }

    private static Knocked knock(Stream<String> words) {
        try (Background capture = network.server()
                .start(
                        "tcpdump",
                        "-i",
                        "srv0",
                        "-Q",
                        "in",
                        "-n",
                        "-t",
                        "-l",
                        "--immediate-mode",
                        "tcp or udp or ip6 proto 6 or ip6 proto 17")) {
            Await.until(
                    () -> "tcpdump listens: " + capture.err(),
                    SOON,
                    () -> capture.err().contains("listening on"));
            Output output = client.run(words.toArray(String[]::new));
            int mark = MARKS.incrementAndGet();
            client.datagram(network.wire().serverIpv4(), mark);
            String end = network.wire().serverIpv4() + "." + mark;
            Await.until(
                    "the datagram that marks the end", SOON, () -> capture.out().contains(end));
            return new Knocked(
                    output,
                    capture.out()
                            .lines()
                            .filter(line -> !line.contains(end))
                            .map(KnockDropInTest::masked)
                            .toList());
        }
    }

    /** Without what differs from one connection to the next: source port, sequence number, time stamp. */
    private static String masked(String line) {
        return line.replaceAll("\\.\\d+ > ", ".PORT > ")
                .replaceAll("seq \\d+", "seq N")
                .replaceAll("TS val \\d+", "TS val N");
    }
}
