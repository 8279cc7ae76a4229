package tirl.fwknop.access;

import java.util.Optional;
import tirl.fwknop.ReplayDigest;

/** fwknopd's digest.cache, so that what it has taken is refused by its successor too. */
public final class DigestCache {
    /** SHA-256 as base64 without padding. */
    private static final int DIGEST = 43;

    private static final int COLUMNS = 7;

    /**
     * A packet that it has taken.
     *
     * @param timeS Unix time, 0 for unknown
     */
    public record Taken(ReplayDigest digest, long timeS) {}

    private DigestCache() {}

    /** The packet of a line; empty for a line that tells of none. */
    public static Optional<Taken> parse(String line) {
        String[] columns = line.strip().split("\\s+", COLUMNS + 1);
        if (columns.length != COLUMNS || columns[0].length() != DIGEST) {
            return Optional.empty();
        }
        String time = columns[COLUMNS - 1];
        return Optional.of(
                new Taken(new ReplayDigest(columns[0]), Values.isPlainNumber(time) ? Values.number(time) : 0));
    }
}
