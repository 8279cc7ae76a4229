package tirl.fwknop;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A stanza's encryption key and mode (section 4). Used by one thread at a time: it keeps its cipher. */
public final class CipherKey {
    /** The longest that fwknop takes. */
    public static final int LONGEST = 32;

    static final int SALT = 8;
    static final int BLOCK = 16;
    static final int PREFIX = BLOCK;

    private static final byte[] MAGIC = "Salted__".getBytes(StandardCharsets.US_ASCII);
    private static final int LEGACY_LENGTH = 16;

    private final byte[] password;
    private final EncryptionMode mode;
    private final Cipher cipher;
    private final MessageDigest md5 = Hashes.instance("MD5");

    /**
     * A key as the configuration has it, after base64 was decoded.
     *
     * @param password 1 to {@value #LONGEST} bytes
     */
    public CipherKey(byte[] password, EncryptionMode mode) {
        if (password.length < 1 || password.length > LONGEST) {
            throw new IllegalArgumentException("a key has 1 to " + LONGEST + " bytes, not " + password.length);
        }
        this.password = password.clone();
        this.mode = mode;
        try {
            cipher = Cipher.getInstance(mode.transformation());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + mode.transformation(), e);
        }
    }

    public EncryptionMode mode() {
        return mode;
    }

    /** Whether an HMAC key has the same bytes, which fwknop refuses. */
    public boolean isSameSecret(HmacKey hmac) {
        return hmac.isSecret(password);
    }

    /** The container: a magic word, the salt, the ciphertext. */
    byte[] seal(byte[] plain, byte[] salt) {
        int padding = BLOCK - plain.length % BLOCK;
        byte[] padded = Arrays.copyOf(plain, plain.length + padding);
        Arrays.fill(padded, plain.length, padded.length, (byte) padding);
        byte[] encrypted = crypt(Cipher.ENCRYPT_MODE, salt, padded, 0);
        byte[] container = Arrays.copyOf(MAGIC, PREFIX + encrypted.length);
        System.arraycopy(salt, 0, container, MAGIC.length, SALT);
        System.arraycopy(encrypted, 0, container, PREFIX, encrypted.length);
        return container;
    }

    /** Whether it is shaped like what {@link #seal} makes. */
    static boolean isContainer(byte[] bytes) {
        return bytes.length > PREFIX
                && bytes.length % BLOCK == 0
                && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** Decrypts a container. With a wrong key it gives noise. */
    byte[] open(byte[] container) {
        byte[] salt = Arrays.copyOfRange(container, MAGIC.length, PREFIX);
        return withoutPadding(crypt(Cipher.DECRYPT_MODE, salt, container, PREFIX));
    }

    /** Clients of 2.0 added none to a text that filled its blocks, so what is no padding stays (section 4.3). */
    private static byte[] withoutPadding(byte[] padded) {
        int length = padded.length;
        int padding = padded[length - 1];
        if (padding < 1 || padding > BLOCK) {
            return padded;
        }
        for (int i = length - padding; i < length; i++) {
            if (padded[i] != padding) {
                return padded;
            }
        }
        return Arrays.copyOf(padded, length - padding);
    }

    private byte[] crypt(int direction, byte[] salt, byte[] text, int from) {
        byte[] derived = derive(salt);
        try {
            SecretKeySpec key = new SecretKeySpec(derived, 0, 2 * BLOCK, "AES");
            if (mode == EncryptionMode.ECB) {
                cipher.init(direction, key);
            } else {
                cipher.init(direction, key, new IvParameterSpec(derived, 2 * BLOCK, BLOCK));
            }
            return cipher.doFinal(text, from, text.length - from);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES takes whole blocks and 32 bytes of key", e);
        } finally {
            Arrays.fill(derived, (byte) 0);
        }
    }

    /** Key and IV, as {@code openssl enc -md md5} makes them (section 4.1). */
    private byte[] derive(byte[] salt) {
        byte[] secret = mode == EncryptionMode.LEGACY ? legacy(password) : password;
        byte[] derived = new byte[3 * BLOCK];
        for (int at = 0; at < derived.length; at += BLOCK) {
            if (at > 0) {
                md5.update(derived, at - BLOCK, BLOCK);
            }
            md5.update(secret);
            md5.update(salt);
            System.arraycopy(md5.digest(), 0, derived, at, BLOCK);
        }
        return derived;
    }

    private static byte[] legacy(byte[] password) {
        byte[] filled = Arrays.copyOf(password, LEGACY_LENGTH);
        if (password.length < LEGACY_LENGTH) {
            Arrays.fill(filled, password.length, LEGACY_LENGTH, (byte) '0');
        }
        return filled;
    }

    /** So that each distinct key is tried once. */
    @Override
    public boolean equals(Object other) {
        return other instanceof CipherKey that && mode == that.mode && MessageDigest.isEqual(password, that.password);
    }

    @Override
    public int hashCode() {
        return 31 * mode.hashCode() + Arrays.hashCode(password);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "a key of " + password.length + " bytes, mode " + mode.text();
    }
}
