package tirl.daemon.journal;

import java.time.Instant;

/**
 * A door that is open, and the command that shuts it.
 *
 * @param id its number in the journal; {@code equals} means the same state, the same id the same opening
 */
public record Entry(long id, String door, String source, String stopCommand, Instant due) {
    public Entry withDue(Instant other) {
        return new Entry(id, door, source, stopCommand, other);
    }
}
