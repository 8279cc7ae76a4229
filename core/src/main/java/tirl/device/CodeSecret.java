package tirl.device;

/** The secret of a second factor (RFC 6238, HMAC-SHA1, 6 digits, 30 s: what every authenticator app takes). */
public final class CodeSecret {
    /** As RFC 4226 recommends, in octets. */
    public static final int LENGTH = 20;

    private final byte[] bytes;

    public CodeSecret(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a secret of " + bytes.length + " octets");
        }
        this.bytes = bytes.clone();
    }

    /** A copy, for the store; the caller wipes it. */
    public byte[] bytes() {
        return bytes.clone();
    }
}
