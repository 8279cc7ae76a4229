package tirl.daemon.fwknop;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Somebody who has the keys "key" and "hmac" and says what no client says; by the JDK alone, as our own encoder would refuse. */
final class Insider {
    private int salt;

    /** A packet of these fields, with the digest that belongs to them. */
    byte[] packet(String... fields) throws GeneralSecurityException {
        String covered = String.join(":", fields);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(covered.getBytes(StandardCharsets.ISO_8859_1));
        return sealed((covered + ":" + base64(digest)).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Base64 without padding, as all fields are that hold a text. */
    static String field(String text) {
        return base64(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }

    private byte[] sealed(byte[] plain) throws GeneralSecurityException {
        salt++;
        byte[] container = "Salted__\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < 4; i++) {
            container[12 + i] = (byte) (salt >> (8 * i));
        }
        byte[] password = "key".getBytes(StandardCharsets.US_ASCII);
        byte[] derived = {};
        byte[] last = {};
        while (derived.length < 48) {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(last);
            md5.update(password);
            md5.update(container, 8, 8);
            last = md5.digest();
            derived = joined(derived, last);
        }
        Cipher aes = Cipher.getInstance("AES/CBC/PKCS5Padding");
        aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(derived, 0, 32, "AES"), new IvParameterSpec(derived, 32, 16));
        String text = base64(joined(container, aes.doFinal(plain)));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("hmac".getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
        String tag = base64(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
        return (text.substring("U2FsdGVkX1".length()) + tag).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
