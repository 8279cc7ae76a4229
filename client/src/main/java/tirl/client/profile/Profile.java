package tirl.client.profile;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tirl.client.Knock;

/**
 * A host that the user knocks at.
 *
 * @param name the user's name for it, and of its file
 * @param host name or address
 * @param port the TCP port that opens
 * @param user whom {@code tirl ssh} logs in as
 * @param lease how long the port stays open, as far as the user knows; {@code tirl keep} renews in time
 * @param proof how to ask
 */
public record Profile(
        String name, String host, int port, Optional<String> user, Optional<Duration> lease, Proof proof) {

    /** What makes the host open. */
    public sealed interface Proof {
        /**
         * A plain sequence.
         *
         * @param pause between two knocks, so that they arrive in order
         */
        record Sequence(List<Knock> knocks, Duration pause) implements Proof {
            public Sequence {
                knocks = List.copyOf(knocks);
            }
        }
    }
}
