package tirl.spa;

import java.util.Arrays;
import java.util.Optional;

/** The two kinds of packet (section 4). The length tells which, and nothing else does. */
public enum Suite {
    /** Classical: X25519. */
    C(0, Hpke.DHKEM_X25519),
    /** Hybrid: X25519 and ML-KEM-768. */
    H(1088, Hpke.X_WING);

    /** Octets of a body before it is sealed. */
    public static final int BODY_LENGTH = 64;
    /** The longest packet. */
    public static final int LONGEST = 1232;

    static final int TOKEN_LENGTH = 8;
    static final int CHECK_AT = 8;
    static final int CHECK_LENGTH = 8;
    static final int SALT_AT = 16;
    static final int SALT_LENGTH = 16;
    static final int MASKED_AT = 32;
    static final int SEALED_LENGTH = BODY_LENGTH + ChaCha.TAG;

    private final int ciphertextLength;
    private final int kem;

    Suite(int ciphertextLength, int kem) {
        this.ciphertextLength = ciphertextLength;
        this.kem = kem;
    }

    /** The suite whose packets have this length. */
    public static Optional<Suite> ofLength(int length) {
        return Arrays.stream(values()).filter(suite -> suite.length() == length).findFirst();
    }

    /** Whether packets have this length: the first question to every stranger, so nothing is allocated. */
    public static boolean isLength(int length) {
        return length == 144 || length == LONGEST;
    }

    /** Octets of a packet. */
    public int length() {
        return sealedAt() + SEALED_LENGTH;
    }

    int kem() {
        return kem;
    }

    int maskedLength() {
        return X25519PublicKey.LENGTH + ciphertextLength;
    }

    int ciphertextAt() {
        return MASKED_AT + X25519PublicKey.LENGTH;
    }

    int sealedAt() {
        return MASKED_AT + maskedLength();
    }

    byte[] info(X25519PublicKey server) {
        return Bytes.join(Bytes.label(name() + " "), server.bytes());
    }

    /** Everything before the body but the check, and the server's identity; {@code packet} is masked. */
    byte[] aad(X25519PublicKey server, byte[] packet) {
        return Bytes.join(
                info(server), Arrays.copyOf(packet, CHECK_AT), Arrays.copyOfRange(packet, SALT_AT, sealedAt()));
    }
}
