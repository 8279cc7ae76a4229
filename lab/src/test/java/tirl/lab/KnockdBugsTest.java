package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tirl.lab.KnockDaemon.Kind;

/**
 * The bugs of knockd 0.8 in matching, capture and one-time sequences: knockd shows each, so the test can see it, and
 * tirl does not. Commands that are never undone are in {@link KnockdLeaksTest}.
 */
@Tag("netns")
class KnockdBugsTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    /** After this time nothing more will come of packets that knockd has not heeded: it looks every 50 ms. */
    private static final Duration SETTLED = Duration.ofMillis(600);

    private static final int[] PORTS = {7000, 8000, 9000};
    private static final String PLAIN = KnockDaemon.door(
            "plain",
            "7000,8000,9000",
            "seq_timeout = 25",
            "tcpflags = syn",
            KnockDaemon.noting("start_command", "plain"));
    private static final String CANARY =
            KnockDaemon.door("canary", "6660", "tcpflags = syn", KnockDaemon.noting("start_command", "canary"));
    private static final String ONE_TIME = KnockDaemon.oneTimeDoor(
            "once", "once", "seq_timeout = 25", "tcpflags = syn", KnockDaemon.noting("start_command", "once"));

    private Network network;

    @BeforeEach
    void makeNetwork() {
        network = Network.create();
    }

    @AfterEach
    void dropNetwork() {
        network.close();
    }

    /** Fifty clients, each knock of all of them before the next knock of any. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void lockstep_opensForAll(Kind kind) {
        int clients = 50;
        List<Frame> frames = new ArrayList<>();
        for (int port : PORTS) {
            for (int client = 1; client <= clients; client++) {
                frames.add(syn(frames.size() * 1_000L, "10.128.1." + client, port));
            }
        }
        try (KnockDaemon daemon = KnockDaemon.start(kind, network.server(), PLAIN + CANARY)) {
            play(daemon, frames);

            assertThat(daemon.ran())
                    .filteredOn(line -> line.startsWith("plain"))
                    .hasSize(kind == Kind.KNOCKD ? 1 : 50);
        }
    }

    /**
     * Forged pairs: the wrong knock of the source before, then the first knock of the next. So an attempt of the
     * attacker is the oldest of all, and keeps ending.
     */
    @ParameterizedTest
    @CsvSource({"KNOCKD, 10", "KNOCKD, 100", "KNOCKD, 1000", "TIRL, 10", "TIRL, 100", "TIRL, 1000"})
    void forgedPairs_blockNobody(Kind kind, int perSecond) {
        int tries = 10;
        long tryMicros = 250_000;
        List<Frame> frames = new ArrayList<>(forgedPairs(perSecond, 400_000 + tries * tryMicros));
        for (int i = 0; i < tries; i++) {
            for (int knock = 0; knock < PORTS.length; knock++) {
                // 200 ms from the first to the last knock: so slow is a person's script, not a bad case.
                frames.add(syn(333_000 + i * tryMicros + knock * 100_000L, "10.128.2." + (i + 1), PORTS[knock]));
            }
        }
        frames.sort(Comparator.comparingLong(Frame::atMicros));
        try (KnockDaemon daemon = KnockDaemon.start(kind, network.server(), PLAIN + CANARY)) {
            play(daemon, frames);

            long opened = daemon.ran().stream()
                    .filter(line -> line.startsWith("plain 10.128.2."))
                    .count();
            if (kind == Kind.KNOCKD) {
                assertThat(opened).as("openings").isLessThanOrEqualTo(1);
            } else {
                assertThat(opened).as("openings; %s", daemon.said()).isEqualTo(tries);
            }
        }
    }

    /** Ports that no door lists do not count for knockd, so a scan in order is a right knock; --strict ends that. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void scanInOrder_opensNothing(Kind kind) {
        Client scanner = network.client();
        try (KnockDaemon daemon = KnockDaemon.start(kind, network.server(), PLAIN + CANARY, "--strict")) {
            network.clients()
                    .run(
                            "nmap",
                            "-sS",
                            "-Pn",
                            "-n",
                            "-r",
                            "--max-retries",
                            "0",
                            "--min-rate",
                            "5000",
                            "-e",
                            "cli0",
                            "-S",
                            scanner.ipv4(),
                            "-p",
                            "6900-9100",
                            network.wire().serverIpv4())
                    .orThrow();
            play(daemon, List.of());

            assertThat(daemon.ran().contains("plain " + scanner.ipv4())).isEqualTo(kind == Kind.KNOCKD);
            play(daemon, knocks("10.128.3.1", PORTS));
            assertThat(daemon.ran()).contains("plain 10.128.3.1");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void lastOneTimeSequence_disablesItsDoorOnly(Kind kind) {
        try (KnockDaemon daemon = once(kind, " 7100,8100\n")) {
            FrameSender.send(network, knocks("10.128.4.1", 7100, 8100), SOON);
            Await.until(
                    () -> "the one-time door opens; " + daemon.said(),
                    SOON,
                    () -> daemon.ran().contains("once 10.128.4.1"));
            if (kind == Kind.KNOCKD) {
                assertThat(daemon.awaitEnd()).as("aborted").isEqualTo(128 + 6);
                daemon.relaunch();
                assertThat(daemon.awaitEnd())
                        .as("the end of the next start; %s", daemon.said())
                        .isEqualTo(1);
                return;
            }
            Await.until(
                    () -> "the door is disabled; " + daemon.said(),
                    SOON,
                    () -> daemon.log()
                            .contains("no more sequences left in the one time sequences file for door once"
                                    + " --> disabling the door\n"));
            play(
                    daemon,
                    Stream.concat(knocks("10.128.4.2", 7100, 8100).stream(), later(knocks("10.128.4.3", PORTS)))
                            .toList());
            assertThat(daemon.ran()).contains("plain 10.128.4.3").doesNotContain("once 10.128.4.2");

            daemon.signal("TERM");
            assertThat(daemon.awaitEnd()).isEqualTo(15);
            daemon.restart();
            play(daemon, knocks("10.128.4.4", PORTS));
            assertThat(daemon.ran()).contains("plain 10.128.4.4");
        }
    }

    /** knockd does not start at all then: all doors stay shut for the sake of one. */
    @ParameterizedTest
    @CsvSource({"KNOCKD, ''", "KNOCKD, '#7100,8100'", "TIRL, ''", "TIRL, '#7100,8100'"})
    void oneTimeFileWithoutALine_keepsItsDoorShutOnly(Kind kind, String lines) {
        try (KnockDaemon daemon = KnockDaemon.launch(
                kind,
                network.server(),
                "[options]\n\tLogFile = {dir}/log\n" + ONE_TIME + PLAIN + CANARY,
                List.of("-i", "srv0"),
                lines.isEmpty() ? Map.of() : Map.of("once", lines + "\n"))) {
            if (kind == Kind.KNOCKD) {
                assertThat(daemon.awaitEnd()).as(daemon.said()).isEqualTo(1);
                return;
            }
            daemon.awaitListening(1);
            play(daemon, knocks("10.128.7.1", PORTS));
            assertThat(daemon.ran()).contains("plain 10.128.7.1");
            assertThat(daemon.log() + daemon.err()).contains(daemon.file("once") + ": no");
        }
    }

    /** Knocks that count for the line before must not count for the next one. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void longerNextSequence_isNotOpenedByItsTail(Kind kind) {
        try (KnockDaemon daemon = once(kind, " 7100,8100\n 7101,8101,9101\n 7102,8102\n")) {
            play(daemon, knocks("10.128.5.1", 7100, 8100));
            FrameSender.send(network, knocks("10.128.5.1", 9101), SOON);
            if (kind == Kind.KNOCKD) {
                Await.until(
                        () -> "opened by one knock; " + daemon.said(),
                        SOON,
                        () -> openings(daemon, "once 10.128.5.1") == 2);
                return;
            }
            play(daemon, List.of());
            assertThat(openings(daemon, "once 10.128.5.1")).isEqualTo(1);
            play(daemon, knocks("10.128.5.2", 7101, 8101, 9101));
            assertThat(openings(daemon, "once 10.128.5.2")).isEqualTo(1);
            assertThat(daemon.read("once")).isEqualTo("#7100,8100\n#7101,8101,9101\n 7102,8102\n");
        }
    }

    /** The mark for "used" has to go to the line that was used. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void lineAfterAnUnparsableOne_opensOnce(Kind kind) {
        try (KnockDaemon daemon = once(kind, " 7100:icmp,8100\n 7101,8101\n 7102,8102\n")) {
            play(daemon, knocks("10.128.6.1", 7101, 8101));
            play(daemon, knocks("10.128.6.2", 7101, 8101));

            assertThat(openings(daemon, "once 10.128.6.1")).isEqualTo(1);
            assertThat(openings(daemon, "once 10.128.6.2")).isEqualTo(kind == Kind.KNOCKD ? 1 : 0);
            if (kind == Kind.TIRL) {
                assertThat(daemon.read("once")).isEqualTo(" 7100:icmp,8100\n#7101,8101\n 7102,8102\n");
            }
        }
    }

    /** After the first use the new ports have to be seen over IPv6 too. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void nextOneTimeSequence_worksOverIpv6(Kind kind) {
        try (KnockDaemon daemon = once(kind, " 7100,8100\n 7101,8101\n 7102,8102\n")) {
            play(daemon, knocks("fd99::7:1", 7100, 8100));
            play(daemon, knocks("fd99::7:2", 7101, 8101));

            assertThat(openings(daemon, "once fd99::7:2")).isEqualTo(kind == Kind.KNOCKD ? 0 : 1);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void addressThatComesLater_isListenedTo(Kind kind) {
        Namespace server = network.server();
        String address = network.wire().serverIpv4();
        server.ip("address flush dev srv0");
        try (KnockDaemon daemon = KnockDaemon.start(kind, server, PLAIN + CANARY)) {
            server.ip("address add " + address + "/24 dev srv0");
            if (kind == Kind.KNOCKD) {
                FrameSender.send(network, knocks("10.128.8.1", PORTS), SOON);
                Await.pause(SETTLED);
                assertThat(daemon.ran()).isEmpty();
                assertThat(daemon.alive()).isTrue();
                return;
            }
            // It learns of the address by a message of the kernel, which takes a moment.
            Await.until(() -> "it hears; " + daemon.said(), SOON, () -> {
                FrameSender.send(network, knocks("10.128.8.1", PORTS), SOON);
                return daemon.ran().contains("plain 10.128.8.1");
            });
        }
    }

    /** knockd ends with 1; whether somebody starts it again is not its business. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void interfaceThatComesLater_isListenedTo(Kind kind) {
        network.wire().unplug();
        try (KnockDaemon daemon = KnockDaemon.launch(
                kind, network.server(), "[options]\n\tLogFile = {dir}/log\n" + PLAIN, List.of("-i", "srv0"))) {
            if (kind == Kind.KNOCKD) {
                assertThat(daemon.awaitEnd()).as(daemon.said()).isEqualTo(1);
                return;
            }
            Await.until(
                    () -> "it says what it waits for; " + daemon.said(),
                    KnockDaemon.START_LIMIT,
                    () -> (daemon.log() + daemon.err()).contains("srv0"));
            network.wire().replug();
            Await.until(() -> "it hears; " + daemon.said(), SOON.plus(SOON), () -> {
                FrameSender.send(network, knocks("10.128.9.1", PORTS), SOON);
                return daemon.ran().contains("plain 10.128.9.1");
            });
        }
    }

    private KnockDaemon once(Kind kind, String sequences) {
        return KnockDaemon.launch(
                        kind,
                        network.server(),
                        "[options]\n\tLogFile = {dir}/log\n" + ONE_TIME + PLAIN + CANARY,
                        List.of("-i", "srv0"),
                        Map.of("once", sequences))
                .listening();
    }

    /** Sends the frames and a last one that opens the canary door: then the daemon has seen all, and run all. */
    private void play(KnockDaemon daemon, List<Frame> frames) {
        String canary = "10.130.0." + (openings(daemon, "canary") + 1);
        List<Frame> all = new ArrayList<>(frames);
        all.add(syn(frames.isEmpty() ? 0 : frames.getLast().atMicros() + 5_000, canary, 6660));
        FrameSender.send(network, all, Duration.ofSeconds(30));
        Await.until(
                () -> "the canary door opens; " + daemon.said(),
                SOON,
                () -> daemon.ran().contains("canary " + canary)
                        && daemon.ran().size()
                                >= daemon.log()
                                        .lines()
                                        .filter(line -> line.endsWith("OPEN SESAME"))
                                        .count());
    }

    private static long openings(KnockDaemon daemon, String start) {
        return daemon.ran().stream().filter(line -> line.startsWith(start)).count();
    }

    private List<Frame> forgedPairs(int perSecond, long untilMicros) {
        long step = 2_000_000L / perSecond;
        return IntStream.iterate(0, i -> i * step < untilMicros, i -> i + 1)
                .boxed()
                .flatMap(i ->
                        Stream.of(syn(i * step, forged(Math.max(0, i - 1)), 9000), syn(i * step + 1, forged(i), 7000)))
                .toList();
    }

    private static String forged(int number) {
        return "10.140." + number / 250 + "." + (number % 250 + 1);
    }

    private List<Frame> knocks(String source, int... ports) {
        List<Frame> frames = new ArrayList<>();
        for (int port : ports) {
            frames.add(syn(frames.size() * 3_000L, source, port));
        }
        return frames;
    }

    private static Stream<Frame> later(List<Frame> frames) {
        return frames.stream()
                .map(frame -> Frame.syn(frame.atMicros() + 50_000, frame.source(), frame.destination(), frame.port()));
    }

    private Frame syn(long atMicros, String source, int port) {
        Wire wire = network.wire();
        return Frame.syn(atMicros, source, source.contains(":") ? wire.serverIpv6() : wire.serverIpv4(), port);
    }
}
