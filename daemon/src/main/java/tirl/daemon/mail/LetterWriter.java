package tirl.daemon.mail;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import tirl.event.Event;

/** Puts a digest into words. */
final class LetterWriter {
    private final String host;
    private final Function<Event, String> text;

    /**
     * @param host the name of this one
     * @param text an event in one line, as the log has it
     */
    LetterWriter(String host, Function<Event, String> text) {
        this.host = host;
        this.text = text;
    }

    /** @param trouble why earlier attempts failed; empty when this is the first */
    Letter write(Digest digest, int failures, String trouble) {
        List<Digest.Line> shown = digest.lines();
        List<String> lines = new ArrayList<>();
        for (Digest.Line line : shown) {
            lines.add(line.at().truncatedTo(ChronoUnit.SECONDS) + "  " + text.apply(line.event()));
        }
        long rest = digest.size() - shown.size();
        if (rest > 0) {
            lines.add(String.format(Locale.ROOT, "... and %,d more, which are not listed here.", rest));
        }
        if (digest.size() > 1) {
            lines.add("");
            lines.add(digest.counted() + ", from "
                    + digest.first().orElse(digest.last()).truncatedTo(ChronoUnit.SECONDS) + " to "
                    + digest.last().truncatedTo(ChronoUnit.SECONDS) + ".");
        }
        if (failures > 0) {
            lines.add("");
            lines.add("This mail is late: " + failures + (failures == 1 ? " attempt" : " attempts")
                    + " to send it failed, the last one because: " + trouble);
        }
        String what = digest.size() == 1 && shown.size() == 1
                ? Kinds.title(shown.getFirst().event())
                : digest.counted();
        return new Letter("tirl on " + host + ": " + what, lines);
    }
}
