package tirl.fwknop;

import java.util.Optional;

/**
 * Puts back the two characters that senders cut off an OpenPGP message without looking (section 6). fwknopd always puts
 * back {@code hQ}, and so refuses messages to elliptic-curve keys, which begin with {@code hF} and the like.
 */
final class OpenPgpHead {
    private static final int SHORTEST = 60;
    /** Old-format packet with tag 1, public-key encrypted session key; its length in one octet or in two. */
    private static final int ONE_OCTET = 0x84;

    private static final int TWO_OCTETS = 0x85;
    /** The second character holds the last two bits of the first octet and the first four of the length. */
    private static final int SECOND_CHARACTERS = 32;

    private static final int SESSION_KEY_VERSION = 3;

    private OpenPgpHead() {}

    static Optional<OpenPgpMessage> restore(byte[] text, int from, int to, Optional<HmacKey> key) {
        int tagLength = key.map(hmac -> hmac.type().characters()).orElse(0);
        int end = to - tagLength;
        if (end - from < SHORTEST) {
            return Optional.empty();
        }
        byte[] whole = new byte[to - from + 2];
        System.arraycopy(text, from, whole, 2, to - from);
        whole[0] = 'h';
        whole[1] = 'A';
        // Decoded once: the second character touches two octets, and garbage is not to be looked at 32 times.
        return Base64Text.decode(whole, 0, whole.length - tagLength).flatMap(bytes -> {
            int low = bytes[1] & 0x0f;
            for (int second = 0; second < SECOND_CHARACTERS; second++) {
                whole[1] = (byte) (second < 26 ? 'A' + second : 'a' + second - 26);
                bytes[0] = (byte) (ONE_OCTET | (second >> 4));
                bytes[1] = (byte) (((second & 0x0f) << 4) | low);
                if (isMessage(bytes)
                        && key.map(hmac -> hmac.isTagged(whole, whole.length)).orElse(true)) {
                    return Optional.of(new OpenPgpMessage(bytes));
                }
            }
            return Optional.empty();
        });
    }

    /** A session key, and where it ends another one, or encrypted data. */
    private static boolean isMessage(byte[] bytes) {
        int header;
        int length;
        switch (bytes[0] & 0xff) {
            case ONE_OCTET -> {
                header = 2;
                length = bytes[1] & 0xff;
            }
            case TWO_OCTETS -> {
                header = 3;
                length = ((bytes[1] & 0xff) << 8) | (bytes[2] & 0xff);
            }
            default -> {
                return false;
            }
        }
        int next = header + length;
        return next < bytes.length && bytes[header] == SESSION_KEY_VERSION && continues(bytes[next] & 0xff);
    }

    /** Tags 1, 3, 9, 18 and 20 in the old or the new format. */
    private static boolean continues(int octet) {
        int tag = octet >= 0xc0 ? octet & 0x3f : octet >= 0x80 ? (octet >> 2) & 0x0f : 0;
        return switch (tag) {
            case 1, 3, 9, 18, 20 -> true;
            default -> false;
        };
    }
}
