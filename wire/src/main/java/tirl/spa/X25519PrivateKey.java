package tirl.spa;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.util.Optional;
import javax.crypto.KeyAgreement;

/** A private key of X25519: 32 random bytes. */
public final class X25519PrivateKey {
    /** How many bytes it has. */
    public static final int LENGTH = 32;

    private static final X25519PublicKey BASE_POINT = basePoint();

    private final byte[] bytes;
    private final PrivateKey key;
    private final X25519PublicKey publicKey;

    /** Takes 32 random bytes; the caller wipes his own copy. */
    public X25519PrivateKey(byte[] random) {
        bytes = Bytes.exactly(LENGTH, random);
        try {
            key = KeyFactory.getInstance("X25519")
                    .generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has X25519", e);
        }
        publicKey = new X25519PublicKey(agree(BASE_POINT).orElseThrow());
    }

    public X25519PublicKey publicKey() {
        return publicKey;
    }

    /** A copy, for the store; the caller wipes it. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Zeroes our copy. The JDK's own, inside its key object, waits for the garbage collector. */
    public void wipe() {
        Bytes.wipe(bytes);
    }

    /** The shared secret; empty when the other key is a point of small order (RFC 7748 section 6.1). */
    Optional<byte[]> agree(X25519PublicKey other) {
        try {
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(key);
            agreement.doPhase(other.toJdk(), true);
            return Optional.of(agreement.generateSecret());
        } catch (InvalidKeyException smallOrder) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has X25519", e);
        }
    }

    private static X25519PublicKey basePoint() {
        byte[] nine = new byte[LENGTH];
        nine[0] = 9;
        return new X25519PublicKey(nine);
    }
}
