package tirl.spa;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** RFC 4648 base32 without padding. */
public final class Base32 {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int CHECKSUM = 4;

    private Base32() {}

    /** In capitals. */
    public static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        long bits = 0;
        int count = 0;
        for (byte b : bytes) {
            bits = bits << 8 | (b & 0xff);
            count += 8;
            while (count >= 5) {
                count -= 5;
                text.append(ALPHABET.charAt((int) (bits >>> count) & 31));
            }
        }
        if (count > 0) {
            text.append(ALPHABET.charAt((int) (bits << (5 - count)) & 31));
        }
        return text.toString();
    }

    /** Capitals only, without blanks. There is one right form: empty when the text is not it. */
    public static Optional<byte[]> decode(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length() * 5 / 8);
        long bits = 0;
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            int value = ALPHABET.indexOf(text.charAt(i));
            if (value < 0) {
                return Optional.empty();
            }
            bits = bits << 5 | value;
            count += 5;
            if (count >= 8) {
                count -= 8;
                bytes.put((byte) (bits >>> count));
            }
        }
        boolean oneForm = count < 5 && (bits & ((1L << count) - 1)) == 0;
        return oneForm ? Optional.of(bytes.array()) : Optional.empty();
    }

    /** With a scheme before, and a checksum in it that finds typing errors. */
    static String write(String scheme, String label, byte[] bytes) {
        return scheme + encode(Bytes.join(bytes, checksum(label, bytes)));
    }

    /** Empty when the text is not of this scheme or has a typing error. */
    static Optional<byte[]> read(String scheme, String label, String text) {
        String packed = text.replaceAll("\\s", "").toUpperCase(Locale.ROOT);
        if (!packed.startsWith(scheme)) {
            return Optional.empty();
        }
        return decode(packed.substring(scheme.length())).flatMap(all -> {
            if (all.length < CHECKSUM) {
                return Optional.empty();
            }
            byte[] payload = Arrays.copyOf(all, all.length - CHECKSUM);
            byte[] claimed = Arrays.copyOfRange(all, payload.length, all.length);
            return Arrays.equals(claimed, checksum(label, payload)) ? Optional.of(payload) : Optional.empty();
        });
    }

    private static byte[] checksum(String label, byte[] bytes) {
        return Arrays.copyOf(Bytes.sha256(Bytes.label(label), bytes), CHECKSUM);
    }
}
