package tirl.spa;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.KEM;

/** The public half of an ML-KEM-768 key pair (FIPS 203). */
public final class KemPublicKey {
    /** How many bytes it has. */
    public static final int LENGTH = 1184;

    /** SubjectPublicKeyInfo of an ML-KEM-768 key up to the key itself (RFC 9935). */
    private static final byte[] PREFIX = HexFormat.of().parseHex("308204b2300b0609608648016503040402038204a100");

    private final byte[] bytes;
    private final PublicKey key;

    private KemPublicKey(byte[] bytes, PublicKey key) {
        this.bytes = bytes;
        this.key = key;
    }

    /** Empty when these are not 1184 bytes or fail the check of FIPS 203 section 7.2. */
    public static Optional<KemPublicKey> of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            return Optional.empty();
        }
        try {
            PublicKey key =
                    KeyFactory.getInstance("ML-KEM").generatePublic(new X509EncodedKeySpec(Bytes.join(PREFIX, bytes)));
            KEM.getInstance("ML-KEM").newEncapsulator(key, new FixedRandom(new byte[0]));
            return Optional.of(new KemPublicKey(bytes.clone(), key));
        } catch (GeneralSecurityException notAKey) {
            return Optional.empty();
        }
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /** Encapsulates with 32 random bytes. The result's key has the shared secret. */
    KEM.Encapsulated encapsulate(byte[] random) {
        try {
            return KEM.getInstance("ML-KEM")
                    .newEncapsulator(key, new FixedRandom(random))
                    .encapsulate();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key was checked when it was made", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KemPublicKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
