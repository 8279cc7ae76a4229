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
    /** After the version and the key's identifier. */
    private static final int ALGORITHM_AT = 9;

    private static final byte RSA = 1;
    private static final byte RSA_ENCRYPTING = 2;
    private static final byte ELGAMAL = 16;
    private static final byte ECDH = 18;

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
        return next < bytes.length
                && bytes[header] == SESSION_KEY_VERSION
                && sessionKeyEnd(bytes, header + ALGORITHM_AT) == next
                && continues(bytes[next] & 0xff);
    }

    /**
     * Where a session key ends by its numbers (RFC 9580, section 5.1); -1 for one that is not known. Sixteen lengths fit a head of
     * one octet, and after half of them there happens to be something like a packet in one message of four.
     *
     * @param at where its algorithm is named
     */
    private static int sessionKeyEnd(byte[] bytes, int at) {
        if (at >= bytes.length) {
            return -1;
        }
        int first = numberEnd(bytes, at + 1);
        return switch (bytes[at]) {
            case RSA, RSA_ENCRYPTING -> first;
            case ELGAMAL -> numberEnd(bytes, first);
            case ECDH -> first < 0 || first >= bytes.length ? -1 : first + 1 + (bytes[first] & 0xff);
            default -> -1;
        };
    }

    /** After a number with its bits counted in two octets; -1 when it reaches out. */
    private static int numberEnd(byte[] bytes, int at) {
        if (at < 0 || at + 2 > bytes.length) {
            return -1;
        }
        int bits = ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
        int end = at + 2 + (bits + 7) / 8;
        return end > bytes.length ? -1 : end;
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
