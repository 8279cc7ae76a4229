package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import tirl.lab.KnockDaemon.Kind;

/** What knockd refuses: its files and command lines, with its words and its exit codes. */
@Tag("netns")
class KnockdRefusalTest {
    /** A configuration that is accepted against expectation would run on; a JVM that refuses has ended by then. */
    private static final Duration REFUSAL = Duration.ofSeconds(15);

    /** The texts of knockd.conf that knockd does not accept; {@code ;} stands for the end of a line. */
    static final List<String> BAD = List.of(
            "[d];sequence = 7000;nonsense = 1",
            "[d];sequence = 7000;just words",
            "sequence = 7000",
            "[];sequence = 7000",
            "[d;sequence = 7000",
            "[options];sequence = 7000",
            "[options];UseSyslog = yes",
            "[d];sequence = 7000;LogFile = /tmp/x",
            "[d];sequence = 7000:8000",
            "[d];sequence = 7000:",
            "[d];sequence = 7000:icmp",
            "[d];sequence = 65536",
            "[d];sequence = 7000,99999",
            "[d];sequence = " + "7000,".repeat(32) + "7000",
            "[d];sequence = 7000;tcpflags = syn, ack",
            "[d];sequence = 7000;tcpflags = ",
            "[d];sequence = 7000;tcpflags = sin",
            "[d];command = true",
            "[d]",
            "[ok];sequence = 7000;;[d];seq_timeout = 5",
            "[Options];UseSyslog",
            "# comment;;[options];logfile = /tmp/x;what = ever",
            "[d];sequence = 7000;target = no-such-host;target");

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
    @FieldSource("BAD")
    void badConfiguration_isRefusedAsByKnockd(String lines) throws IOException {
        Path file = Files.createTempFile("tl", ".conf");
        try {
            Files.writeString(file, lines.replace(';', '\n') + "\n");

            Output knockd = refused(Kind.KNOCKD, "-i", "srv0", "-c", file.toString());
            Output tirl = refused(Kind.TIRL, "-i", "srv0", "-c", file.toString());

            assertThat(knockd.exit()).as("%s", knockd).isEqualTo(1);
            assertThat(tirl.exit()).as("%s", tirl).isEqualTo(1);
            assertThat(firstLine(tirl.err())).isEqualTo(firstLine(knockd.err()));
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void missingConfiguration_isRefusedAsByKnockd() {
        Output knockd = refused(Kind.KNOCKD, "-c", "/nonexistent/knockd.conf");
        Output tirl = refused(Kind.TIRL, "-c", "/nonexistent/knockd.conf");

        assertThat(tirl.exit()).isEqualTo(knockd.exit()).isEqualTo(1);
        assertThat(firstLine(tirl.err())).isEqualTo(firstLine(knockd.err()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-h", "--help", "-V", "--version", "-x", "--no-such-option", "-c", "--config"})
    void usageAndVersion_endAsKnockds(String option) {
        Output knockd = refused(Kind.KNOCKD, option);
        Output tirl = refused(Kind.TIRL, option);

        assertThat(tirl.exit()).as("%s", tirl).isEqualTo(knockd.exit()).isZero();
        if (option.equals("-V") || option.equals("--version")) {
            assertThat(tirl.out()).isNotBlank();
        } else {
            assertThat(tirl.out()).containsIgnoringCase("usage:");
            for (String name : List.of("-i", "-d", "-c", "-D", "-l", "-p", "-g", "-v", "-4", "-V", "-h")) {
                assertThat(tirl.out()).contains(name + ",");
            }
        }
    }

    private static Output refused(Kind kind, String... options) {
        return network.server()
                .run(
                        REFUSAL,
                        Stream.concat(kind.program().stream(), Stream.of(options))
                                .toArray(String[]::new));
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
