package tirl.spa;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Joining, labelling and forgetting byte strings. */
final class Bytes {
    /** What every label of this version begins with. */
    private static final String VERSION = "tirl-spa-v1 ";

    private Bytes() {}

    static byte[] label(String text) {
        return ascii(VERSION + text);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** Copies a fixed-length value in; the length is the caller's promise, not a stranger's. */
    static byte[] exactly(int length, byte[] bytes) {
        if (bytes.length != length) {
            throw new IllegalArgumentException("expected " + length + " bytes, not " + bytes.length);
        }
        return bytes.clone();
    }

    static void wipe(byte[]... secrets) {
        for (byte[] secret : secrets) {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /** XORs {@code stream} into {@code target} from {@code at} on. */
    static void xor(byte[] target, int at, byte[] stream) {
        for (int i = 0; i < stream.length; i++) {
            target[at + i] ^= stream[i];
        }
    }

    static byte[] sha256(byte[]... parts) {
        return digest("SHA-256", parts);
    }

    static byte[] digest(String algorithm, byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK 25 has " + algorithm, e);
        }
    }
}
