package tirl.client.fwknop;

import java.security.SecureRandom;
import java.util.Base64;
import tirl.fwknop.CipherKey;
import tirl.fwknop.DigestType;
import tirl.fwknop.HmacKey;

/**
 * New keys for both ends, base64.
 *
 * @param cipher KEY_BASE64
 * @param hmac HMAC_KEY_BASE64
 */
public record Keys(String cipher, String hmac) {
    /** What fwknop makes when no length is given. */
    public static final int CIPHER_LENGTH = CipherKey.LONGEST;

    /** What fwknop makes for this HMAC when no length is given. Where it fails, with SHA-3, as long as with SHA-2. */
    public static int hmacLength(DigestType type) {
        return switch (type) {
            case MD5 -> 16;
            case SHA1 -> 20;
            case SHA256, SHA3_256 -> 64;
            case SHA384, SHA512, SHA3_512 -> HmacKey.LONGEST;
        };
    }

    /** Makes them. */
    public static Keys generate(int cipherLength, int hmacLength, SecureRandom random) throws FwknopException {
        check("--key-len", cipherLength, CipherKey.LONGEST);
        check("--hmac-key-len", hmacLength, HmacKey.LONGEST);
        return new Keys(base64(cipherLength, random), base64(hmacLength, random));
    }

    private static void check(String option, int length, int longest) throws FwknopException {
        if (length < 1 || length > longest) {
            throw new FwknopException(option + " is from 1 to " + longest + ", not " + length
                    + ": fwknopd takes no key of another length");
        }
    }

    private static String base64(int length, SecureRandom random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The two lines that fwknop prints. */
    public String text() {
        return "KEY_BASE64: " + cipher + "\nHMAC_KEY_BASE64: " + hmac + "\n";
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "a pair of keys";
    }
}
