package tirl.fwknop;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Base64 as fwknop sends it: the standard alphabet, no padding. Read in one spelling only: fwknopd takes a packet whose
 * unused last bits were changed, or that got a {@code =}, for a new one, and so it can be replayed.
 */
final class Base64Text {
    private static final byte[] VALUES = new byte[128];

    static {
        Arrays.fill(VALUES, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            VALUES[alphabet.charAt(i)] = (byte) i;
        }
    }

    private Base64Text() {}

    /** Characters for so many bytes. */
    static int length(int octets) {
        return (octets * 4 + 2) / 3;
    }

    /** Bytes in so many characters, which must not be one more than a multiple of four. */
    static int octets(int characters) {
        return characters * 3 / 4;
    }

    /** Whether the last of so many characters leaves those bits zero that stand for nothing. */
    static boolean endsClean(int characters, byte last) {
        int unused = characters % 4 == 2 ? 0b1111 : characters % 4 == 3 ? 0b11 : 0;
        return (value(last) & unused) == 0;
    }

    static String encode(byte[] bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }

    static String encode(String ascii) {
        return encode(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether it is a character of the alphabet. */
    static boolean isCharacter(byte character) {
        return value(character) >= 0;
    }

    /** 0 to 63, or -1. */
    static int value(byte character) {
        return character < 0 ? -1 : VALUES[character];
    }

    static Optional<byte[]> decode(String text) {
        return decode(text.getBytes(StandardCharsets.ISO_8859_1), 0, text.length());
    }

    /** Empty for anything that {@link #encode} does not write. */
    static Optional<byte[]> decode(byte[] text, int from, int to) {
        int length = to - from;
        if (length % 4 == 1) {
            return Optional.empty();
        }
        byte[] bytes = new byte[octets(length)];
        int bits = 0;
        int held = 0;
        int at = 0;
        for (int i = from; i < to; i++) {
            int value = value(text[i]);
            if (value < 0) {
                return Optional.empty();
            }
            bits = bits << 6 | value;
            held += 6;
            if (held >= 8) {
                held -= 8;
                bytes[at++] = (byte) (bits >> held);
                bits &= (1 << held) - 1;
            }
        }
        return bits == 0 ? Optional.of(bytes) : Optional.empty();
    }
}
