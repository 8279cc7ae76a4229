package tirl.fwknop;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The JDK's hashes, all of which every JDK has. */
final class Hashes {
    private Hashes() {}

    static byte[] hash(String algorithm, byte[] text, int length) {
        MessageDigest digest = instance(algorithm);
        digest.update(text, 0, length);
        return digest.digest();
    }

    static MessageDigest instance(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK 25 has " + algorithm, e);
        }
    }
}
