package tirl.fwknop;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A payload that may be a packet, with the characters in front that senders cut off. One object takes one payload after
 * the other, so garbage leaves nothing for the collector. Used by one thread.
 */
public final class Candidate {
    /** What fwknopd takes (section 4.4). */
    public static final int SHORTEST = 140;

    public static final int LONGEST = 1499;

    static final String SALTED_HEAD = "U2FsdGVkX1";
    static final String GPG_HEAD = "hQ";

    /** "GET /" */
    private static final long HTTP = 0x47_4554_202fL;

    private static final byte[] HEAD = SALTED_HEAD.getBytes(StandardCharsets.US_ASCII);
    /** From here on fwknopd takes a text for an OpenPGP message. */
    static final int GPG_LENGTH = 400;

    private final byte[] text = new byte[HEAD.length + LONGEST];
    private int length;

    /** An empty one, to be filled by {@link #take}. */
    public Candidate() {
        System.arraycopy(HEAD, 0, text, 0, HEAD.length);
    }

    /**
     * Whether a payload may be a packet, by its first eight characters: text of base64, or the start of an HTTP request.
     *
     * @param eight the characters, the first in the uppermost octet
     * @param openPgp whether it may be an OpenPGP message: then the first one says nothing
     */
    public static boolean maybe(long eight, boolean openPgp) {
        if (eight >>> 24 == HTTP) {
            return true;
        }
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            if (!Base64Text.isCharacter((byte) (eight >>> shift))) {
                return false;
            }
        }
        return openPgp || Base64Text.value((byte) (eight >>> 56)) >> 2 == 0b1111;
    }

    /** Takes the payload of a datagram, or what {@link HttpCarrier} found; empty when it may be a packet. */
    public Optional<Refusal> take(byte[] payload) {
        length = HEAD.length;
        if (payload.length < SHORTEST || payload.length > LONGEST) {
            return Optional.of(Refusal.LENGTH);
        }
        if (startsWith(payload, SALTED_HEAD) || (payload.length > GPG_LENGTH && startsWith(payload, GPG_HEAD))) {
            return Optional.of(Refusal.HEAD);
        }
        for (byte character : payload) {
            if (!Base64Text.isCharacter(character)) {
                return Optional.of(Refusal.ALPHABET);
            }
        }
        System.arraycopy(payload, 0, text, HEAD.length, payload.length);
        length += payload.length;
        return Optional.empty();
    }

    private static boolean startsWith(byte[] payload, String head) {
        for (int i = 0; i < head.length(); i++) {
            if (payload[i] != head.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether it can be a salted ciphertext with a tag of this many characters, 0 for none: by its length, and by its first
     * character, most bits of which are the magic word's, and by the last one of each part, of which some bits are zero. Of
     * random texts one in 256 or fewer gets past this, before any HMAC.
     */
    public boolean fits(int tagLength) {
        int characters = length - tagLength;
        return characters > Base64Text.length(CipherKey.PREFIX)
                && characters % 4 != 1
                && Base64Text.octets(characters) % CipherKey.BLOCK == 0
                && Base64Text.value(text[HEAD.length]) >> 2 == 0b1111
                && Base64Text.endsClean(characters, text[characters - 1])
                && Base64Text.endsClean(tagLength, text[length - 1]);
    }

    /** Whether it ends with this key's HMAC. Costs one HMAC, at most; decrypts nothing. */
    public boolean isTagged(HmacKey key) {
        return fits(key.type().characters()) && key.isTagged(text, length);
    }

    /**
     * The ciphertext before a tag; empty when it is not the one spelling of a salted ciphertext.
     *
     * @param tagLength what {@link #isTagged} found right, or 0 where no HMAC is asked for
     */
    public Optional<Ciphertext> ciphertext(int tagLength) {
        return Base64Text.decode(text, 0, length - tagLength)
                .filter(CipherKey::isContainer)
                .map(Ciphertext::new);
    }

    /** The OpenPGP message in it; empty when there is none, or its HMAC is wrong. */
    public Optional<OpenPgpMessage> openPgp(Optional<HmacKey> key) {
        return OpenPgpHead.restore(text, HEAD.length, length, key);
    }

    /** The name that fwknopd gives this packet in its replay cache (digest.cache). */
    public ReplayDigest cacheName() {
        return ReplayDigest.of(Arrays.copyOfRange(text, HEAD.length, length));
    }
}
