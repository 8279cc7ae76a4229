package tirl.spa;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.DecapsulateException;
import javax.crypto.KEM;

/**
 * The seed {@code d || z} of a peer's ML-KEM-768 key pair. The server keeps this and makes the pair when a packet needs
 * it (25 us), which spares 2400 bytes per device.
 */
public final class KemSeed {
    /** How many bytes it has. */
    public static final int LENGTH = 64;

    private static final int HEADER = 22;

    private final byte[] bytes;

    public KemSeed(byte[] bytes) {
        this.bytes = Bytes.exactly(LENGTH, bytes);
    }

    /** A copy, for the store; the caller wipes it. */
    public byte[] bytes() {
        return bytes.clone();
    }

    public void wipe() {
        Bytes.wipe(bytes);
    }

    public KemPublicKey publicKey() {
        byte[] encoded = pair().getPublic().getEncoded();
        byte[] raw = Arrays.copyOfRange(encoded, HEADER, encoded.length);
        return KemPublicKey.of(raw).orElseThrow();
    }

    /** FIPS 203 gives a secret for every ciphertext of the right length; a wrong one only fits nothing. */
    Optional<byte[]> decapsulate(byte[] ciphertext) {
        try {
            return Optional.of(KEM.getInstance("ML-KEM")
                    .newDecapsulator(pair().getPrivate())
                    .decapsulate(ciphertext)
                    .getEncoded());
        } catch (DecapsulateException wrong) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK 25 has ML-KEM", e);
        }
    }

    private KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("ML-KEM");
            generator.initialize(NamedParameterSpec.ML_KEM_768, new FixedRandom(bytes));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK 25 has ML-KEM", e);
        }
    }
}
