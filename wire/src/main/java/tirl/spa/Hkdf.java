package tirl.spa;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/** HKDF-SHA256 (RFC 5869) and the HMAC under it. The JDK's own takes twice the time, and a packet has eight (decision 0035). */
final class Hkdf {
    private static final String HMAC = "HmacSHA256";
    private static final int BLOCK = 32;

    /** Copied for each thread: to ask the providers for one is a long way through cold code. */
    private static final Mac NEW = make();

    private static final ThreadLocal<Mac> OF_THREAD = ThreadLocal.withInitial(Hkdf::copy);

    private Hkdf() {}

    private static Mac make() {
        try {
            return Mac.getInstance(HMAC);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }

    static byte[] extract(byte[] salt, byte[] ikm) {
        // The JDK takes no empty key. HMAC fills up a short one with zeros, so that this is the same.
        return hmac(salt.length == 0 ? new byte[BLOCK] : salt).doFinal(ikm);
    }

    static byte[] expand(byte[] prk, byte[] info, int length) {
        Mac mac = hmac(prk);
        byte[] blocks = new byte[(length + BLOCK - 1) / BLOCK * BLOCK];
        try {
            for (int at = 0; at < length; at += BLOCK) {
                mac.update(blocks, Math.max(0, at - BLOCK), Math.min(at, BLOCK));
                mac.update(info);
                mac.update((byte) (at / BLOCK + 1));
                mac.doFinal(blocks, at);
            }
        } catch (ShortBufferException e) {
            throw new IllegalStateException("there is room for all blocks", e);
        }
        byte[] result = Arrays.copyOf(blocks, length);
        Bytes.wipe(blocks);
        return result;
    }

    private static Mac copy() {
        try {
            return (Mac) NEW.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("every JDK's HMAC can be copied", e);
        }
    }

    /** There is one for each thread: whoever has it is done with it before he, or whom he calls, asks for the next. */
    static Mac hmac(byte[] key) {
        try {
            Mac mac = OF_THREAD.get();
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK's HMAC takes any key", e);
        }
    }
}
