package tirl.fwknop;

/** An OpenPGP message that a packet carried; not yet decrypted. */
public final class OpenPgpMessage {
    private final byte[] bytes;

    OpenPgpMessage(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Binary OpenPGP packets (RFC 9580). */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Names it in the replay store. */
    public ReplayDigest digest() {
        return ReplayDigest.of(bytes);
    }
}
