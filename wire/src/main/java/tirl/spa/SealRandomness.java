package tirl.spa;

import java.util.Arrays;

/** The random bytes of one packet: salt, ephemeral key, ML-KEM's message. Used once. */
public final class SealRandomness {
    /** How many bytes it takes. */
    public static final int LENGTH = 80;

    private static final int EPHEMERAL_AT = 16;
    private static final int KEM_AT = 48;

    private final byte[] bytes;

    /** Takes 80 bytes of a cryptographic generator; the caller wipes his own copy. */
    public SealRandomness(byte[] random) {
        bytes = Bytes.exactly(LENGTH, random);
    }

    byte[] salt() {
        return Arrays.copyOf(bytes, EPHEMERAL_AT);
    }

    byte[] ephemeral() {
        return Arrays.copyOfRange(bytes, EPHEMERAL_AT, KEM_AT);
    }

    byte[] kem() {
        return Arrays.copyOfRange(bytes, KEM_AT, LENGTH);
    }

    void wipe() {
        Bytes.wipe(bytes);
    }
}
