package tirl.knockd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.config.Problem;
import tirl.door.FlagCondition;
import tirl.packet.Address;
import tirl.packet.TcpFlags;

/** One row for each row of the tables in the notes on knockd; {@code ~} is a new line. */
class KnockdConfigParserTest {
    private static final String DOOR = "[d]~sequence = 7000,8000~";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7000,8000:udp,9000:tcp | 7000:tcp,8000:udp,9000:tcp |
            7000:UDP , 8000 :Udp   | 7000:udp,8000:udp          |
            ' 7000 , 8000 '        | 7000:tcp,8000:tcp          |
            7000 8000              | 7000:tcp                   | 7000 8000
            7000-7002              | 7000:tcp                   | 7000-7002
            8000 # x               | 8000:tcp                   | 8000 # x
            7000:tcp:x             | 7000:tcp                   | 7000:tcp:x
            -1                     | 65535:tcp                  | -1
            abc                    | 0:tcp                      | abc
            7000,                  | 7000:tcp,0:tcp             | ''
            ''                     | 0:tcp                      | ''
            0                      | 0:tcp                      | 0
            4294974296             | 7000:tcp                   | 4294974296
            99999999999999999999   | 65535:tcp                  | 99999999999999999999
            """)
    void sequence_taken_withWarnings(String text, String steps, String oddity) {
        KnockdConfigResult.Accepted accepted = accepted("[d]~sequence = " + text);
        assertThat(String.join(",", strings(accepted.config().doors().getFirst().sequence())))
                .isEqualTo(steps);
        if (oddity == null) {
            assertThat(accepted.warnings()).isEmpty();
        } else {
            assertThat(accepted.warnings()).singleElement().satisfies(warning -> {
                assertThat(warning.line()).isEqualTo(2);
                assertThat(warning.severity()).isEqualTo(Problem.Severity.WARNING);
                assertThat(warning.message()).startsWith("\"" + oddity + "\" is read as ");
            });
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [d]~sequence = 7000:8000         | 0 | config: section d: unknown protocol in knock sequence
            [d]~sequence = 7000:             | 0 | config: section d: unknown protocol in knock sequence
            [d]~sequence = 7000:icmp         | 0 | config: section d: unknown protocol in knock sequence
            [d]~sequence = 65536             | 0 | config: section d: port 65536 is invalid
            [d]~sequence = 1, 70000 x        | 0 | config: section d: port  70000 x is invalid
            [d]~timeout = 1                  | 0 | error: section 'd' has an empty knock sequence
            [d]~sequence=1~tcpflags=syn, ack | 3 | 'config: line 3: unrecognized flag " ACK"'
            [d]~sequence=1~tcpflags=         | 3 | 'config: line 3: unrecognized flag ""'
            []                               | 1 | config: line 1: bad section name
            x = 1                            | 1 | config: line 1: all directives must belong to a section
            [d]~~# c~bogus = 1               | 4 | config: line 4: syntax error
            [d]~sequence                     | 2 | config: line 2: syntax error
            [d]~; c                          | 2 | config: line 2: syntax error
            [d]~logfile = x                  | 2 | config: line 2: syntax error
            [options]~sequence = 1           | 2 | config: line 2: syntax error
            [options]~UseSyslog = yes        | 2 | config: line 2: syntax error
            [Options]~LogFile = x            | 2 | config: line 2: syntax error
            [d]~sequence=1~target =          | 0 | pcap_compile: can't parse filter expression: syntax error
            """)
    void nonsense_refused_asKnockdRefusesIt(String text, int line, String message) {
        assertThat(parse(text)).isEqualTo(new KnockdConfigResult.Refused(line, message));
    }

    /** What warns, at which line, and that a clean file does not. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            seq_timeout = 10s         | 3 | is read as 10 seconds
            seq_timeout = abc         | 3 | is read as 0 seconds
            cmd_timeout = -5          | 3 | is read as -5 seconds
            seq_timeout = 0           | 3 | only a sequence of one port
            tcpflags = syn,!syn       | 3 | contradicts an earlier flag
            target = www.example.org  | 3 | write a numeric address
            target = FD00::1          | 3 | write fd00::1
            target = 010.0.0.1        | 3 | no packet matches
            [d]~sequence = 1          | 3 | there is a door "d" already
            [Options]~sequence = 1    | 3 | the global section is written [options]
            '[options]~interface=a~interface=b' | 5 | the first Interface counts
            [options]~logfile =       | 4 | counts as not given
            seq_timeout = 10          | 0 |
            cmd_timeout = 0           | 0 |
            target = fd00::1          | 0 |
            """)
    void oddLine_warns(String text, int line, String message) {
        List<Problem> warnings = accepted(DOOR + text).warnings();
        if (line == 0) {
            assertThat(warnings).isEmpty();
        } else {
            assertThat(warnings).singleElement().satisfies(warning -> {
                assertThat(warning.line()).isEqualTo(line);
                assertThat(warning.message()).contains(message);
            });
        }
    }

    @Test
    void emptyText_isAccepted() {
        assertThat(accepted("").config().doors()).isEmpty();
        assertThat(accepted("").config().options())
                .isEqualTo(new KnockdOptions(false, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void defaults_areKnockds() {
        assertThat(accepted("[d]~sequence=1").config().doors())
                .containsExactly(new KnockdDoor(
                        "d",
                        List.of(new KnockdStep(tirl.packet.Transport.TCP, 1)),
                        Optional.empty(),
                        25,
                        FlagCondition.ANY,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        10));
    }

    @Test
    void everyKeyAndAlias_anyCase_lastCounts() {
        KnockdConfig config = accepted("""
                [options]
                  usesyslog
                LOGFILE = /log
                pidFile=/pid
                Interface = eth1
                [a]
                sequence = 1
                Seq_Timeout = 1
                TIMEOUT = 2
                TCPFlags = syn
                tcpflags = !ack
                Target = 10.0.0.1
                Command = a=b # c
                Start_Command_6 = six
                Command_6 =
                Cmd_Timeout = 3
                Stop_Command = "stop"
                Stop_Command_6 = stop6
                [b]
                One_Time_Sequences = /file
                """).config();
        assertThat(config.options())
                .isEqualTo(new KnockdOptions(true, Optional.of("/log"), Optional.of("/pid"), Optional.of("eth1")));
        KnockdDoor door = config.doors().getFirst();
        assertThat(door.seqTimeoutSeconds()).isEqualTo(2);
        assertThat(door.flags()).isEqualTo(new FlagCondition(TcpFlags.SYN, TcpFlags.ACK));
        assertThat(door.target()).isEqualTo(Address.parse("10.0.0.1"));
        assertThat(door.startCommand()).hasValue("a=b # c");
        assertThat(door.startCommand6()).hasValue("");
        assertThat(door.stopCommand()).hasValue("\"stop\"");
        assertThat(door.stopCommand6()).hasValue("stop6");
        assertThat(door.cmdTimeoutSeconds()).isEqualTo(3);
        assertThat(config.doors().get(1).oneTimeFile()).hasValue("/file");
        assertThat(config.doors().get(1).sequence()).isEmpty();
    }

    @Test
    void sequenceAndOneTimeFile_theLaterCounts() {
        assertThat(KnockdDoors.door("sequence=1\none_time_sequences=/f").sequence())
                .isEmpty();
        assertThat(KnockdDoors.door("one_time_sequences=/f\nsequence=1").sequence())
                .hasSize(1);
    }

    @Test
    void contradictingFlags_lastCounts() {
        assertThat(KnockdDoors.door("sequence=1\ntcpflags=syn,!syn").flags())
                .isEqualTo(new FlagCondition(0, TcpFlags.SYN));
        assertThat(KnockdDoors.door("sequence=1\ntcpflags=!syn\ntcpflags=syn").flags())
                .isEqualTo(new FlagCondition(TcpFlags.SYN, 0));
    }

    @Test
    void manySteps_thirtyTwoAreTaken() {
        assertThat(KnockdDoors.door("sequence=" + "1,".repeat(31) + "1").sequence())
                .hasSize(32);
        assertThat(parse("[d]~sequence=" + "1,".repeat(32)))
                .isEqualTo(new KnockdConfigResult.Refused(0, "config: section d: too many ports in knock sequence"));
    }

    @Test
    void longLine_isSplitAfter4095Octets() {
        String command = "command=" + "c".repeat(4087);
        assertThat(KnockdDoors.door("sequence=1\n" + command + "\ntimeout=3").seqTimeoutSeconds())
                .isEqualTo(3);
        assertThat(KnockdDoors.door("sequence=1\n" + command + "timeout=3").seqTimeoutSeconds())
                .isEqualTo(3);
        // One octet more makes a line "c"; and the newline after a full line is a line of its own.
        assertThat(parse("[d]~sequence=1~" + command + "c"))
                .isEqualTo(new KnockdConfigResult.Refused(4, "config: line 4: syntax error"));
        assertThat(parse("[d]~sequence=1~" + command + "~bogus"))
                .isEqualTo(new KnockdConfigResult.Refused(5, "config: line 5: syntax error"));
    }

    @Test
    void longName_isCutAfter127Octets() {
        KnockdConfigResult.Accepted accepted = accepted("[" + "n".repeat(128) + "]~sequence=1");
        assertThat(accepted.config().doors().getFirst().name()).isEqualTo("n".repeat(127));
        assertThat(accepted.warnings()).hasSize(1);
    }

    @Test
    void nul_endsALine() {
        assertThat(KnockdDoors.door("sequence=1\ncommand=a\0b\n\0bogus\n").startCommand())
                .hasValue("a");
    }

    /** Random bytes and random mixtures of words: always an answer, and soon. */
    @Test
    void randomText_neverThrows() {
        Random random = new Random(3);
        String[] words = {
            "[",
            "]",
            "=",
            "\n",
            " ",
            "#",
            "options",
            "sequence",
            "7000",
            ",",
            ":",
            "udp",
            "tcpflags",
            "syn",
            "!",
            "\0",
            "command",
            "%IP%",
            "target",
            "-",
            "99999999999999999999",
            "\r",
            "é",
            "x".repeat(5000)
        };
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int round = 0; round < 20_000; round++) {
                StringBuilder text = new StringBuilder();
                for (int i = random.nextInt(60); i > 0; i--) {
                    if (random.nextInt(4) == 0) {
                        text.append((char) random.nextInt(256));
                    } else {
                        text.append(words[random.nextInt(random.nextInt(20) == 0 ? words.length : words.length - 1)]);
                    }
                }
                assertThat(KnockdConfigParser.parse(text.toString())).isNotNull();
                assertThat(KnockdConfigParser.parse("[d]\nsequence=" + text)).isNotNull();
            }
        });
    }

    private static KnockdConfigResult parse(String text) {
        return KnockdConfigParser.parse(text.replace('~', '\n'));
    }

    private static KnockdConfigResult.Accepted accepted(String text) {
        return (KnockdConfigResult.Accepted) parse(text);
    }

    private static List<String> strings(List<?> things) {
        return things.stream().map(Object::toString).toList();
    }
}
