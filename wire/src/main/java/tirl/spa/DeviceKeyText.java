package tirl.spa;

import java.util.Arrays;
import java.util.Optional;

/** A device's public key as a line to be handed over by people (section 9.3). */
public final class DeviceKeyText {
    private static final String SCHEME = "TIRLKEY:";
    private static final String CHECKSUM_LABEL = "device key ";
    private static final byte VERSION = 1;

    private DeviceKeyText() {}

    public static String write(X25519PublicKey key) {
        return Base32.write(SCHEME, CHECKSUM_LABEL, Bytes.join(new byte[] {VERSION}, key.bytes()));
    }

    /** Empty when this is no such line, or has a typing error. */
    public static Optional<X25519PublicKey> parse(String text) {
        return Base32.read(SCHEME, CHECKSUM_LABEL, text)
                .filter(bytes -> bytes.length == 1 + X25519PublicKey.LENGTH && bytes[0] == VERSION)
                .map(bytes -> new X25519PublicKey(Arrays.copyOfRange(bytes, 1, bytes.length)));
    }
}
