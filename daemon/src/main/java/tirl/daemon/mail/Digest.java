package tirl.daemon.mail;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tirl.config.Mail.Kind;
import tirl.event.Event;

/**
 * What one mail tells: each event counts, the first ones are kept. However long the mail server is away and whatever
 * happens meanwhile, it does not grow past that.
 */
final class Digest {
    /** Who needs more reads the log. */
    static final int LINES = 40;

    /** An event that stands in the mail. */
    record Line(Instant at, Event event) {}

    private final List<Line> lines = new ArrayList<>();
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private @Nullable Instant first;
    private Instant last = Instant.EPOCH;

    void add(Kind kind, Event event, Instant at) {
        counts.merge(kind, 1L, Long::sum);
        if (lines.size() < LINES) {
            lines.add(new Line(at, event));
        }
        first = first == null ? at : first;
        last = at;
    }

    /** Takes a later one in. */
    void add(Digest later) {
        later.counts.forEach((kind, count) -> counts.merge(kind, count, Long::sum));
        later.lines.stream().limit(LINES - lines.size()).forEach(lines::add);
        if (later.first != null) {
            first = first == null ? later.first : first;
            last = later.last;
        }
    }

    /** Forgets what nobody wants to be told of any more. */
    void keep(Predicate<Kind> wanted) {
        counts.keySet().removeIf(wanted.negate());
        lines.removeIf(line -> Kinds.of(line.event()).filter(wanted).isEmpty());
    }

    List<Line> lines() {
        return List.copyOf(lines);
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    /** How many events; most of them may have no line. */
    long size() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    Optional<Instant> first() {
        return Optional.ofNullable(first);
    }

    Instant last() {
        return last;
    }

    /** {@code 9,990 opened, 10 denied}. */
    String counted() {
        return counts.entrySet().stream()
                .map(entry -> String.format(
                        Locale.ROOT, "%,d %s", entry.getValue(), entry.getKey().word()))
                .collect(Collectors.joining(", "));
    }
}
