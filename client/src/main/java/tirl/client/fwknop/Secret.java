package tirl.client.fwknop;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The keys of a packet. */
public final class Secret {
    private final Optional<byte[]> cipher;
    private final Optional<byte[]> hmac;

    /**
     * Both.
     *
     * @param hmac empty for a packet without an HMAC
     */
    public Secret(byte[] cipher, Optional<byte[]> hmac) {
        this(Optional.of(cipher), hmac);
    }

    /**
     * Those of a packet that GnuPG makes.
     *
     * @param cipher pass-phrase of the key that signs; empty where its agent has it, or it has none
     */
    public Secret(Optional<byte[]> cipher, Optional<byte[]> hmac) {
        this.cipher = cipher.map(byte[]::clone);
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

    Optional<byte[]> cipher() {
        return cipher.map(byte[]::clone);
    }

    Optional<byte[]> hmac() {
        return hmac.map(byte[]::clone);
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return (cipher.isPresent() ? "a key" : "no key") + (hmac.isPresent() ? " and an HMAC key" : "");
    }
}
