package tirl.fwknop;

import java.util.Optional;

/**
 * The plaintext of a packet (section 2).
 *
 * @param random 16 decimal digits
 * @param timeSeconds Unix time by the client's clock
 * @param version what the client says about itself; nothing depends on it
 * @param serverAuth a relic of 1.9 that nobody reads
 * @param digest the hash that the client chose for the inner digest
 */
public record SpaMessage(
        String random,
        String user,
        long timeSeconds,
        String version,
        SpaRequest request,
        Optional<String> serverAuth,
        DigestType digest) {
    /** What current clients say. */
    public static final String CURRENT_VERSION = "3.0.0";

    public MessageType type() {
        return MessageType.of(request);
    }
}
