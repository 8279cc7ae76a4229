package tirl.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tirl.config.NotationException;

class CodeSecretTest {
    /** The secret of both RFCs' test vectors. */
    private static final CodeSecret RFC = new CodeSecret("12345678901234567890".getBytes(StandardCharsets.US_ASCII));

    @ParameterizedTest
    @CsvSource({
        "0, 755224", "1, 287082", "2, 359152", "3, 969429", "4, 338314",
        "5, 254676", "6, 287922", "7, 162583", "8, 399871", "9, 520489"
    })
    void code_rfc4226AppendixD(long counter, int code) {
        assertThat(RFC.code(counter)).isEqualTo(code);
    }

    /** The last six of its eight digits. */
    @ParameterizedTest
    @CsvSource({
        "59, 287082, 1",
        "1111111109, 81804, 37037036",
        "1111111111, 50471, 37037037",
        "1234567890, 5924, 41152263",
        "2000000000, 279037, 66666666",
        "20000000000, 353130, 666666666"
    })
    void step_rfc6238AppendixB(long seconds, int code, long step) {
        assertThat(RFC.step(code, Instant.ofEpochSecond(seconds), 0)).isEqualTo(OptionalLong.of(step));
    }

    @ParameterizedTest
    @CsvSource({"0, 8", "29, 8", "30, 9", "89, 10", "-30, 7", "-31, 6", "60, 10"})
    void step_window_isOneStepEitherWay(long offset, long current) {
        Instant now = Instant.ofEpochSecond(240 + offset);
        for (long step = 0; step < 16; step++) {
            boolean near = Math.abs(step - current) <= 1;
            assertThat(RFC.step(RFC.code(step), now, 0)).isEqualTo(near ? OptionalLong.of(step) : OptionalLong.empty());
        }
    }

    @Test
    void step_usedUp_isRefused() {
        Instant now = Instant.ofEpochSecond(240);
        assertThat(RFC.step(RFC.code(8), now, 8)).hasValue(8);
        assertThat(RFC.step(RFC.code(8), now, 9)).isEmpty();
        assertThat(RFC.step(RFC.code(9), now, 9)).hasValue(9);
    }

    /** Nothing but the three codes, of all that a packet can say. */
    @Test
    void step_everyNumberOfSixDigits_onlyThreeAreTaken() {
        Instant now = Instant.ofEpochSecond(240);
        CodeSecret secret = RFC;
        long taken = 0;
        for (int code = 0; code < 1_000_000; code += 997) {
            taken += secret.step(code, now, 0).isPresent() ? 1 : 0;
        }
        assertThat(taken).isZero();
        for (int more : new int[] {0, 1_000_000, 10_000_000}) {
            assertThat(secret.step(secret.code(8) + more, now, 0).isPresent()).isEqualTo(more == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
                "gezd gnbv gy3t qojq gezd gnbv gy3t qojq",
                "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ===="
            })
    void parse_asAppsShowIt_isRead(String text) throws NotationException {
        assertThat(CodeSecret.parse(text)).isEqualTo(RFC);
        assertThat(CodeSecret.parse(text).text()).isEqualTo("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GEZDGNBV",
                "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1",
                "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQG",
                "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGE"
            })
    void parse_wrong_saysWhatIsRightAndNotTheSecret(String text) {
        assertThatThrownBy(() -> CodeSecret.parse(text))
                .isInstanceOf(NotationException.class)
                .hasMessageContaining("32 letters of base32")
                .hasMessageNotContaining("GEZD");
    }

    @Test
    void uri_isWhatAppsScan() {
        assertThat(RFC.uri("anna laptop", "gate.example.org"))
                .isEqualTo("otpauth://totp/gate.example.org:anna%20laptop?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                        + "&issuer=gate.example.org&algorithm=SHA1&digits=6&period=30");
        assertThat(RFC.toString()).doesNotContain("GEZD");
    }
}
