package tirl.daemon.mail;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import tirl.config.Mail;

/**
 * A plain text and its subject. Whatever they hold, {@link #write} makes one message of it: no text can begin a header or
 * end a line, and all that leaves is ASCII.
 *
 * @param lines of the text
 */
record Letter(String subject, List<String> lines) {
    private static final int LONGEST_SUBJECT = 150;
    private static final int LONGEST_LINE = 500;
    /** Octets of text in one encoded word: RFC 2047 allows 75 characters for the word in base64 with its frame. */
    private static final int ENCODED_WORD = 42;

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    Letter {
        subject = oneLine(subject, LONGEST_SUBJECT);
        lines = lines.stream().map(line -> oneLine(line, LONGEST_LINE)).toList();
    }

    private static String oneLine(String text, int longest) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .limit(longest)
                .map(point -> Character.isISOControl(point) || isLoneSurrogate(point) ? '?' : point)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static boolean isLoneSurrogate(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }

    /**
     * The message as RFC 5322 has it, with CR LF at the end of each line.
     *
     * @param id unlike that of any other message
     */
    String write(Mail mail, String host, Instant now, String id) {
        boolean ascii = lines.stream().allMatch(Letter::isAscii);
        StringBuilder text = new StringBuilder();
        header(text, "Date", DATE.format(now));
        header(text, "From", mail.from());
        header(text, "To", String.join(",\r\n ", mail.to()));
        header(text, "Subject", isAscii(subject) ? subject : encodedWords(subject));
        header(text, "Message-ID", "<" + id + "@" + host + ">");
        // Nobody's holiday notice answers to this (RFC 3834).
        header(text, "Auto-Submitted", "auto-generated");
        header(text, "MIME-Version", "1.0");
        header(text, "Content-Type", "text/plain; charset=utf-8");
        header(text, "Content-Transfer-Encoding", ascii ? "7bit" : "base64");
        text.append("\r\n");
        String body = String.join("\r\n", lines) + "\r\n";
        text.append(
                ascii ? body : Base64.getMimeEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8)) + "\r\n");
        return text.toString();
    }

    private static void header(StringBuilder text, String name, String value) {
        text.append(name).append(": ").append(value).append("\r\n");
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    }

    private static String encodedWords(String text) {
        StringBuilder words = new StringBuilder();
        StringBuilder part = new StringBuilder();
        text.codePoints().forEach(point -> {
            String character = Character.toString(point);
            if (octets(part.toString()) + octets(character) > ENCODED_WORD) {
                words.append(encodedWord(part.toString())).append("\r\n ");
                part.setLength(0);
            }
            part.append(character);
        });
        return words.append(encodedWord(part.toString())).toString();
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String encodedWord(String text) {
        return "=?utf-8?B?" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "?=";
    }
}
