package tirl.fwknop.access;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How long a stanza opens, and how long it is good for.
 *
 * @param seconds when the client does not say
 * @param mostSeconds however long the client asks for
 * @param expires the stanza takes nothing from then on
 */
public record TimeRules(int seconds, int mostSeconds, Optional<Instant> expires) {
    /** How long access lasts; a client that asks for no time at all gets the usual. */
    public int granted(OptionalInt wanted) {
        int asked = wanted.orElse(0);
        return Math.min(asked > 0 ? asked : seconds, mostSeconds);
    }
}
