package tirl.daemon.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tirl.config.Mail;

class LetterTest {
    static final Mail MAIL = new Mail(
            List.of("ops@example.org", "boss@example.org"),
            "tirl@gate.example.org",
            new Mail.Server("localhost", 25, Mail.Security.NONE, Optional.empty(), Optional.empty()),
            Mail.DEFAULT_ON,
            Duration.ofMinutes(1));

    private static String written(String subject, String... lines) {
        return new Letter(subject, List.of(lines)).write(MAIL, "gate", Instant.parse("2026-11-01T10:00:00Z"), "id");
    }

    @Test
    void message_hasTheHeadersOfOne() {
        assertThat(written("tirl on gate: a test", "first", ".second")).isEqualTo("""
                        Date: Sun, 1 Nov 2026 10:00:00 +0000
                        From: tirl@gate.example.org
                        To: ops@example.org,
                         boss@example.org
                        Subject: tirl on gate: a test
                        Message-ID: <id@gate>
                        Auto-Submitted: auto-generated
                        MIME-Version: 1.0
                        Content-Type: text/plain; charset=utf-8
                        Content-Transfer-Encoding: 7bit

                        first
                        .second
                        """.replace("\n", "\r\n"));
    }

    @Test
    void textThatWouldBeginAHeader_isOneLine() {
        String message = written("a\r\nBcc: evil@example.org\u0085\u0000", "b\r\n.\r\nMAIL FROM:<x>", "\ud800");

        assertThat(message)
                .contains("Subject: a??Bcc: evil@example.org??\r\n")
                .doesNotContain("\nBcc", "\nMAIL", "\n.", "\0");
        assertThat(written("a\nBcc: evil@example.org", "b\n.\nMAIL"))
                .contains("Subject: a?Bcc: evil@example.org\r\n")
                .endsWith("\r\n\r\nb?.?MAIL\r\n");
    }

    @Test
    void textBeyondAscii_travelsAsAscii() {
        String subject = "Tür für Ärger ".repeat(8).strip();
        String message = written(subject, "größer: \ud83d\ude00");

        assertThat(message.chars()).allMatch(c -> c < 0x7f);
        assertThat(message.lines()).allMatch(line -> line.length() <= 78);
        String decoded = Pattern.compile("=\\?utf-8\\?B\\?([^?]*)\\?=")
                .matcher(message)
                .results()
                .map(word -> utf8(word.group(1)))
                .collect(Collectors.joining());
        assertThat(decoded).isEqualTo(subject);
        assertThat(utf8(message.substring(message.indexOf("\r\n\r\n")).strip())).isEqualTo("größer: \ud83d\ude00\r\n");
    }

    private static String utf8(String base64) {
        return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    @Test
    void addresses_thatCouldEndACommand_areNone() {
        for (String good : List.of("root@localhost", "a.b+c@mail.example.org")) {
            assertThat(Mail.isAddress(good)).as(good).isTrue();
        }
        for (String bad : List.of(
                "", "root", "a@b>", "a b@c.org", "a@b\r\nDATA", "a@b\n", "<a@b>", "\"a\"@b", "a@", "@b", "a@-")) {
            assertThat(Mail.isAddress(bad)).as(bad).isFalse();
        }
    }

    @Test
    void secret_isStruckFromWhatTheServerRepeats() {
        Secret secret = new Secret("ops", "correct horse");
        String plain = Base64.getEncoder().encodeToString("\0ops\0correct horse".getBytes(StandardCharsets.UTF_8));

        assertThat(secret.struckFrom("535 " + plain + " is wrong, and so is correct horse"))
                .isEqualTo("535 *** is wrong, and so is ***");
        assertThat(secret.toString()).isEqualTo("login of ops");
    }
}
