package tirl.fwknop;

/** A salted ciphertext whose HMAC was right, where there is one. */
public final class Ciphertext {
    private final byte[] container;

    Ciphertext(byte[] container) {
        this.container = container;
    }

    /** Decrypts and reads it. */
    public MessageResult open(CipherKey key) {
        return MessageCodec.decode(key.open(container));
    }

    /**
     * Names it in the replay store. The tag is left out: the same ciphertext must not get in once with it and once
     * without, where two stanzas share a key.
     */
    public ReplayDigest digest() {
        return ReplayDigest.of(container);
    }
}
