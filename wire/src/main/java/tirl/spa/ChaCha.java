package tirl.spa;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** ChaCha20 as a stream and ChaCha20-Poly1305 (RFC 8439). */
final class ChaCha {
    static final int TAG = 16;

    private static final String STREAM = "ChaCha20";
    private static final String SEALED = "ChaCha20-Poly1305";
    /** Who makes them is asked once: to ask all providers for each packet is a long way through cold code. */
    private static final Provider PROVIDER = provider();

    private ChaCha() {}

    private static Provider provider() {
        try {
            return Cipher.getInstance(SEALED).getProvider();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + SEALED, e);
        }
    }

    /** The first {@code length} bytes of the key stream with a nonce of zeros; a key is used for one stream only. */
    static byte[] stream(byte[] key, int length) {
        try {
            Cipher cipher = Cipher.getInstance(STREAM, PROVIDER);
            cipher.init(
                    Cipher.ENCRYPT_MODE, new SecretKeySpec(key, STREAM), new ChaCha20ParameterSpec(new byte[12], 0));
            return cipher.doFinal(new byte[length]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has ChaCha20", e);
        }
    }

    static byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plain) {
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce);
            cipher.updateAAD(aad);
            return cipher.doFinal(plain);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has ChaCha20-Poly1305", e);
        }
    }

    /** Empty when the tag is wrong. */
    static Optional<byte[]> open(byte[] key, byte[] nonce, byte[] aad, byte[] sealed, int at, int length) {
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce);
            cipher.updateAAD(aad);
            return Optional.of(cipher.doFinal(sealed, at, length));
        } catch (AEADBadTagException wrongTag) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has ChaCha20-Poly1305", e);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(SEALED, PROVIDER);
        cipher.init(mode, new SecretKeySpec(key, STREAM), new IvParameterSpec(nonce));
        return cipher;
    }
}
