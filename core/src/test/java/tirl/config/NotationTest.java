package tirl.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotationTest {
    @ParameterizedTest
    @CsvSource({"500ms, 500", "30s, 30000", "5m, 300000", "2h, 7200000", "1d, 86400000", "90s, 90000"})
    void duration_written_isReadAndWrittenBack(String text, long millis) throws NotationException {
        assertThat(Notation.duration(text)).isEqualTo(Duration.ofMillis(millis));
        assertThat(Notation.write(Notation.duration(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-5s", "1.5s", "0s", "30 s", "1w", "99999999999s"})
    void duration_wrong_saysWhatIsRight(String text) {
        assertThatThrownBy(() -> Notation.duration(text))
                .isInstanceOf(NotationException.class)
                .hasMessageContaining("\"" + text + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp/1",
                "tcp/65535",
                "udp/8000",
                "icmp/echo",
                "icmp/echo:0",
                "icmp/echo:65507",
                "icmp/echo-reply:5"
            })
    void step_written_isReadAndWrittenBack(String text) throws NotationException {
        assertThat(Notation.step(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7000",
                "tcp/0",
                "tcp/65536",
                "TCP/22",
                "tcp:22",
                "icmp/8",
                "icmp/echo:65508",
                "icmp/echo:",
                "udp/"
            })
    void step_wrong_isRefused(String text) {
        assertThatThrownBy(() -> Notation.step(text)).isInstanceOf(NotationException.class);
    }

    @ParameterizedTest
    @CsvSource({"1-65535, 1, 65535", "7000, 7000, 7000"})
    void range_written_isRead(String text, int first, int last) throws NotationException {
        assertThat(Notation.range(text)).isEqualTo(new Config.PortRange(first, last));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0-5", "9-1", "1-70000", "a-b", "-"})
    void range_wrong_isRefused(String text) {
        assertThatThrownBy(() -> Notation.range(text)).isInstanceOf(NotationException.class);
    }
}
