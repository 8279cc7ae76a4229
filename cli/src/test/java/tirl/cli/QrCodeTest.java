package tirl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.zxing.ReaderException;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that is drawn is read back by a reader of QR codes. */
class QrCodeTest {
    /** As long as an invitation to a name of 20 letters; capitals and digits. */
    static final String URI = "TIRL:"
            + "AEBAGBAFAYDQQCIKBMGA2DQPCAIREEYUCULBOGAZDINRYHI6D4QCCIRDEQSSMJZIFEVCWLBNFYXTAMJS"
                    .repeat(2)
                    .substring(0, 159);

    private static final String CODE = "otpauth://totp/gate.example.org:anna?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
            + "&issuer=gate.example.org&algorithm=SHA1&digits=6&period=30";

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void coloured_onEitherGround_isRead(boolean light) throws ReaderException {
        assertThat(Scan.ofTerminal(QrCode.of(URI).coloured(), light)).isEqualTo(URI);
        assertThat(Scan.ofTerminal(QrCode.of(URI).cells(), light)).isEqualTo(URI);
        assertThat(Scan.ofTerminal(QrCode.of(CODE).coloured(), light)).isEqualTo(CODE);
    }

    @Test
    void plain_onDarkGround_isRead() throws ReaderException {
        assertThat(Scan.ofTerminal(QrCode.of(URI).plain(), false)).isEqualTo(URI);
        assertThat(QrCode.of(URI).plain()).doesNotContain("\033");
    }

    @Test
    void png_isRead() throws ReaderException, DataFormatException {
        assertThat(Scan.ofPng(QrCode.of(URI).png())).isEqualTo(URI);
        assertThat(Scan.ofPng(QrCode.of(CODE).png())).isEqualTo(CODE);
    }

    /** Section 9.1 of the protocol: version 7, 45 modules, and four of light on each side. */
    @Test
    void ofInvitation_fitsATerminalOf80By27() {
        assertThat(QrCode.of(URI).plain().lines()).hasSize(27).allMatch(line -> line.length() == 53);
    }

    @Test
    void ofTooMuch_saysSo() {
        assertThatThrownBy(() -> QrCode.of("A".repeat(5_000))).hasMessageContaining("too many");
    }
}
