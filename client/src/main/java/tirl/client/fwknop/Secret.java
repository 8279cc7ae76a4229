package tirl.client.fwknop;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The keys of a packet. */
public final class Secret {
    private final byte[] cipher;
    private final Optional<byte[]> hmac;

    /**
     * Both.
     *
     * @param hmac empty for a packet without an HMAC
     */
    public Secret(byte[] cipher, Optional<byte[]> hmac) {
        this.cipher = cipher.clone();
        this.hmac = hmac.map(byte[]::clone);
    }

    /** The bytes of a value of KEY or KEY_BASE64; the name is for the complaint. */
    public static byte[] bytes(String name, String text, boolean base64) throws FwknopException {
        try {
            return base64 ? Base64.getDecoder().decode(text) : text.getBytes(StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            throw new FwknopException(name + " is no base64");
        }
    }

    byte[] cipher() {
        return cipher.clone();
    }

    Optional<byte[]> hmac() {
        return hmac.map(byte[]::clone);
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return hmac.isPresent() ? "a key and an HMAC key" : "a key";
    }
}
