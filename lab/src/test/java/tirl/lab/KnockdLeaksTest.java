package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tirl.lab.KnockDaemon.Kind;

/**
 * Rules that knockd leaves behind: its stop command is due in a sleeping child, and when that dies nobody knows of it.
 * Real rules of iptables here. A test of knockd waits until the stop command is overdue, also for a new daemon.
 */
@Tag("netns")
class KnockdLeaksTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final int OPEN_SECONDS = 2;
    /** By then a stop command has run, if anybody runs it. */
    private static final Duration OVERDUE = Duration.ofSeconds(OPEN_SECONDS).plusMillis(1_500);

    private static final String RULE = "INPUT -s %IP% -p tcp --dport 22 -j ACCEPT";
    private static final String DOOR = KnockDaemon.door(
            "door",
            "7000,8000,9000",
            "seq_timeout = 25",
            "tcpflags = syn",
            "start_command = iptables -w -A " + RULE,
            "cmd_timeout = " + OPEN_SECONDS,
            "stop_command = iptables -w -D " + RULE);

    private Network network;

    @BeforeEach
    void makeNetwork() {
        network = Network.create();
    }

    @AfterEach
    void dropNetwork() {
        network.close();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void withoutTrouble_theRuleGoesInTime(Kind kind) {
        try (KnockDaemon daemon = KnockDaemon.start(kind, network.server(), DOOR)) {
            long opened = open(daemon);

            awaitNoRule(daemon);

            assertThat(Duration.ofNanos(System.nanoTime() - opened))
                    .isBetween(Duration.ofSeconds(OPEN_SECONDS).minusMillis(100), OVERDUE);
        }
    }

    /** The end of a service with all its processes: container, cgroup, out of memory, power. */
    @ParameterizedTest
    @CsvSource({"KNOCKD, KILL", "KNOCKD, TERM", "TIRL, KILL", "TIRL, TERM"})
    void endOfAllProcesses_leavesNoRuleBehind(Kind kind, String signal) {
        try (KnockDaemon daemon = KnockDaemon.start(kind, network.server(), DOOR)) {
            open(daemon);

            daemon.signalAll(signal);
            daemon.awaitEnd();
            daemon.restart();

            if (kind == Kind.KNOCKD) {
                assertRuleStays();
            } else {
                awaitNoRule(daemon);
                Await.until(daemon::said, SOON, () -> daemon.log().contains("10.128.1.1: door: command timeout"));
            }
        }
    }

    /** The stop command was due while nobody was there: it runs at once. */
    @ParameterizedTest
    @ValueSource(strings = {"KILL"})
    void overdueStopCommand_runsAtTheNextStart(String signal) {
        try (KnockDaemon daemon = KnockDaemon.start(Kind.TIRL, network.server(), DOOR)) {
            open(daemon);
            daemon.signalAll(signal);
            daemon.awaitEnd();
            assertRuleStays();

            daemon.restart();

            Await.until("the rule goes at once; " + daemon.said(), Duration.ofSeconds(1), () -> rules() == 0);
        }
    }

    /** After a restart the time that is left counts, not a new full time, and not none. */
    @ParameterizedTest
    @ValueSource(ints = {5})
    void stopCommandThatIsNotDueYet_waitsForItsTime(int seconds) {
        String door = DOOR.replace("cmd_timeout = " + OPEN_SECONDS, "cmd_timeout = " + seconds);
        try (KnockDaemon daemon = KnockDaemon.start(Kind.TIRL, network.server(), door)) {
            long opened = open(daemon);
            daemon.signalAll("KILL");
            daemon.awaitEnd();
            daemon.restart();
            assertThat(rules()).isEqualTo(1);

            Await.until("the rule goes; " + daemon.said(), Duration.ofSeconds(seconds + 2L), () -> rules() == 0);

            assertThat(Duration.ofNanos(System.nanoTime() - opened))
                    .isBetween(Duration.ofMillis(seconds * 1_000L - 300), Duration.ofMillis(seconds * 1_000L + 1_500));
        }
    }

    /** As {@code killall -HUP knockd} does it after a rotation of logs: knockd's children have its name. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void hangupToAllProcesses_leavesNoRuleBehind(Kind kind) {
        try (KnockDaemon daemon = KnockDaemon.start(kind, network.server(), DOOR)) {
            open(daemon);

            daemon.signalAll("HUP");

            if (kind == Kind.KNOCKD) {
                assertRuleStays();
            } else {
                awaitNoRule(daemon);
            }
            assertThat(daemon.alive()).isTrue();
        }
    }

    /** What systemd does with KillMode=mixed: SIGTERM to the daemon, and SIGKILL to what is left when it has ended. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void systemdStop_leavesNoRuleBehind(Kind kind) {
        try (KnockDaemon daemon = KnockDaemon.start(kind, network.server(), DOOR)) {
            open(daemon, "10.128.1.1");
            Await.pause(Duration.ofMillis(700));
            open(daemon, "10.128.1.2");
            Await.pause(Duration.ofMillis(700));
            open(daemon, "10.128.1.3");

            daemon.signal("TERM");
            assertThat(daemon.awaitEnd()).isEqualTo(15);
            if (kind == Kind.TIRL) {
                // Nobody would shut the doors later if it were not started again.
                assertThat(rules()).as(daemon.said()).isZero();
            }
            network.server().processes().forEach(ProcessHandle::destroyForcibly);
            daemon.restart();

            if (kind == Kind.KNOCKD) {
                Await.pause(OVERDUE);
                assertThat(rules()).isGreaterThanOrEqualTo(1);
            } else {
                awaitNoRule(daemon);
            }
        }
    }

    /** A knock while the door is open: knockd has two rules and two timers, of which the first ends the second. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void knockWhileOpen_extends(Kind kind) {
        try (KnockDaemon daemon = KnockDaemon.start(kind, network.server(), DOOR)) {
            open(daemon);
            Await.pause(Duration.ofMillis(800));
            long again = knock(daemon, "10.128.1.1", 2);

            if (kind == Kind.KNOCKD) {
                Await.until("a second rule", SOON, () -> rules() == 2);
                awaitNoRule(daemon);
            } else {
                Await.pause(Duration.ofMillis(1_600)); // the first time would be over now
                assertThat(rules()).as(daemon.said()).isEqualTo(1);
                awaitNoRule(daemon);
                assertThat(Duration.ofNanos(System.nanoTime() - again))
                        .isBetween(Duration.ofMillis(OPEN_SECONDS * 1_000L - 100), OVERDUE);
            }
        }
    }

    private long open(KnockDaemon daemon) {
        return open(daemon, "10.128.1.1");
    }

    /** Returns when it opened. */
    private long open(KnockDaemon daemon, String source) {
        long knocked = knock(daemon, source, 1);
        Await.until(
                () -> "a rule for " + source + "; " + daemon.said(),
                SOON,
                () -> ruleList().contains("-s " + source + "/32"));
        return knocked;
    }

    private long knock(KnockDaemon daemon, String source, int times) {
        String server = network.wire().serverIpv4();
        FrameSender.send(
                network,
                List.of(
                        Frame.syn(0, source, server, 7000),
                        Frame.syn(3_000, source, server, 8000),
                        Frame.syn(6_000, source, server, 9000)),
                SOON);
        Await.until(
                () -> source + " opens for the time number " + times + "; " + daemon.said(),
                SOON,
                () -> daemon.log()
                                .lines()
                                .filter(line -> line.endsWith(source + ": door: OPEN SESAME"))
                                .count()
                        == times);
        return System.nanoTime();
    }

    private void awaitNoRule(KnockDaemon daemon) {
        Await.until(() -> "no rule; " + daemon.said(), OVERDUE.plus(SOON), () -> rules() == 0);
    }

    private void assertRuleStays() {
        Await.pause(OVERDUE);
        assertThat(rules()).isEqualTo(1);
    }

    private long rules() {
        return ruleList().lines().filter(line -> line.startsWith("-A INPUT")).count();
    }

    private String ruleList() {
        return network.server().ask("iptables", "-w", "-S", "INPUT");
    }
}
