package tirl.fwknop;

/**
 * Names a packet in a replay store.
 *
 * @param text SHA-256 as base64 without padding, the form of fwknopd's digest.cache
 */
public record ReplayDigest(String text) {
    static ReplayDigest of(byte[] bytes) {
        return new ReplayDigest(DigestType.SHA256.digest(bytes, bytes.length));
    }
}
