package tirl.grant;

import java.time.Duration;
import java.util.Optional;

/**
 * An opening with the time it has left in the kernel.
 *
 * @param left more than zero, whole milliseconds
 * @param label the name of the door or of who granted it, kept beside the element so that a restarted daemon knows it;
 *     at most {@link #MAX_LABEL} octets of UTF-8
 * @param nat where the port leads; empty for to itself
 */
public record TimedOpening(Opening opening, Duration left, String label, Optional<Nat> nat) {
    /** nftables keeps at most 256 octets of user data per element; the comment's own header and NUL are part of it. */
    public static final int MAX_LABEL = 128;

    /** Of a port of this host. */
    public TimedOpening(Opening opening, Duration left, String label) {
        this(opening, left, label, Optional.empty());
    }
}
