package tirl.spa;

import java.util.Optional;

/** A private key of X25519: 32 random bytes. */
public final class X25519PrivateKey {
    /** How many bytes it has. */
    public static final int LENGTH = 32;

    private static final X25519PublicKey BASE_POINT = basePoint();

    private final byte[] bytes;
    private final DiffieHellman exchange;
    private final X25519PublicKey publicKey;

    /** Takes 32 random bytes; the caller wipes his own copy. The JDK will compute. */
    public X25519PrivateKey(byte[] random) {
        this(random, DiffieHellman.Maker.jdk());
    }

    /** With another to compute. */
    public X25519PrivateKey(byte[] random, DiffieHellman.Maker maker) {
        bytes = Bytes.exactly(LENGTH, random);
        exchange = maker.of(bytes);
        publicKey = new X25519PublicKey(agree(BASE_POINT).orElseThrow());
    }

    public X25519PublicKey publicKey() {
        return publicKey;
    }

    /** A copy, for the store; the caller wipes it. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Zeroes it. Afterwards there is no agreeing with anybody. */
    public void wipe() {
        Bytes.wipe(bytes);
        exchange.wipe();
    }

    /** The shared secret; empty when the other key is a point of small order (RFC 7748 section 6.1). */
    Optional<byte[]> agree(X25519PublicKey other) {
        return exchange.agree(other);
    }

    private static X25519PublicKey basePoint() {
        byte[] nine = new byte[LENGTH];
        nine[0] = 9;
        return new X25519PublicKey(nine);
    }
}
