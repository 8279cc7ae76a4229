package tirl.daemon.journal;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One line of the journal: a checksum of the rest in eight hexadecimal digits, then what happened. A line stands for
 * itself, so one that was torn or damaged costs no other.
 */
sealed interface Line {
    record Open(Entry entry) implements Line {}

    record Extend(long id, Instant due) implements Line {}

    record Done(long id) implements Line {}

    /** The line without its end. Door names may hold blanks, hence the encoding; base64 for the command's sake. */
    default String text() {
        String record = switch (this) {
            case Open(Entry entry) ->
                String.join(
                        " ",
                        "open",
                        Long.toString(entry.id()),
                        Long.toString(entry.due().toEpochMilli()),
                        URLEncoder.encode(entry.door(), StandardCharsets.UTF_8),
                        URLEncoder.encode(entry.source(), StandardCharsets.UTF_8),
                        Base64.getEncoder().encodeToString(entry.stopCommand().getBytes(StandardCharsets.UTF_8)));
            case Extend(long id, Instant due) -> "extend " + id + " " + due.toEpochMilli();
            case Done(long id) -> "done " + id;
        };
        return checksum(record) + " " + record;
    }

    /** Empty for a line that is not whole. */
    static Optional<Line> parse(String text) {
        if (text.length() < 10
                || text.charAt(8) != ' '
                || !checksum(text.substring(9)).equals(text.substring(0, 8))) {
            return Optional.empty();
        }
        List<String> words = List.of(text.substring(9).split(" ", -1));
        try {
            return switch (words.getFirst() + " with " + (words.size() - 1)) {
                case "open with 5" -> Optional.of(new Open(entry(words)));
                case "extend with 2" -> Optional.of(new Extend(Long.parseLong(words.get(1)), instant(words.get(2))));
                case "done with 1" -> Optional.of(new Done(Long.parseLong(words.get(1))));
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** Plays this line on top of those before it. */
    default void applyTo(Map<Long, Entry> open) {
        switch (this) {
            case Open(Entry entry) -> open.put(entry.id(), entry);
            case Extend(long id, Instant due) -> open.computeIfPresent(id, (_, entry) -> entry.withDue(due));
            case Done(long id) -> open.remove(id);
        }
    }

    default long id() {
        return switch (this) {
            case Open(Entry entry) -> entry.id();
            case Extend(long id, Instant _) -> id;
            case Done(long id) -> id;
        };
    }

    private static Entry entry(List<String> words) {
        return new Entry(
                Long.parseLong(words.get(1)),
                URLDecoder.decode(words.get(3), StandardCharsets.UTF_8),
                URLDecoder.decode(words.get(4), StandardCharsets.UTF_8),
                new String(Base64.getDecoder().decode(words.get(5)), StandardCharsets.UTF_8),
                instant(words.get(2)));
    }

    private static Instant instant(String millis) {
        return Instant.ofEpochMilli(Long.parseLong(millis));
    }

    private static String checksum(String record) {
        CRC32C checksum = new CRC32C();
        checksum.update(record.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", checksum.getValue());
    }
}
