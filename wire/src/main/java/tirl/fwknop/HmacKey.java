package tirl.fwknop;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A stanza's HMAC key and type (section 5). Used by one thread at a time: it computes in place. */
public final class HmacKey {
    /** The longest that fwknop takes. */
    public static final int LONGEST = 128;

    private final byte[] secret;
    private final DigestType type;
    private final Mac mac;
    private final byte[] raw;
    private final byte[] tag;

    /**
     * A key as the configuration has it, after base64 was decoded.
     *
     * @param secret 1 to {@value #LONGEST} bytes
     */
    public HmacKey(byte[] secret, DigestType type) {
        if (secret.length < 1 || secret.length > LONGEST) {
            throw new IllegalArgumentException("an HMAC key has 1 to " + LONGEST + " bytes, not " + secret.length);
        }
        this.secret = secret.clone();
        this.type = type;
        raw = new byte[type.octets()];
        tag = new byte[type.characters()];
        try {
            mac = Mac.getInstance(type.mac());
            mac.init(new SecretKeySpec(this.secret, type.mac()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK 25 has " + type.mac(), e);
        }
    }

    public DigestType type() {
        return type;
    }

    boolean isSecret(byte[] other) {
        return MessageDigest.isEqual(secret, other);
    }

    /** The tag of the first {@code length} characters. Overwritten by the next call. */
    byte[] tag(byte[] text, int length) {
        try {
            mac.update(text, 0, length);
            mac.doFinal(raw, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the tag has its length", e);
        }
        // The encoder wants room for nothing more than it writes.
        Base64.getEncoder().withoutPadding().encode(raw, tag);
        return tag;
    }

    /** Whether the last characters are the tag of those before. Takes the same time wherever they differ. */
    boolean isTagged(byte[] text, int length) {
        int covered = length - tag.length;
        tag(text, covered);
        int difference = 0;
        for (int i = 0; i < tag.length; i++) {
            difference |= tag[i] ^ text[covered + i];
        }
        return difference == 0;
    }

    /** So that each distinct key is tried once. */
    @Override
    public boolean equals(Object other) {
        return other instanceof HmacKey that && type == that.type && isSecret(that.secret);
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + Arrays.hashCode(secret);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "an HMAC key of " + secret.length + " bytes, type " + type.text();
    }
}
