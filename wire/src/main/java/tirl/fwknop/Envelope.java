package tirl.fwknop;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A whole packet under the keys of one stanza (section 1). */
public final class Envelope {
    /** Random bytes that {@link #seal} takes. */
    public static final int SALT = CipherKey.SALT;

    private Envelope() {}

    /**
     * Makes a packet that fwknopd 2.6 opens.
     *
     * @param salt {@value CipherKey#SALT} bytes of a cryptographic generator
     */
    public static SealResult seal(SpaMessage message, CipherKey key, Optional<HmacKey> hmac, byte[] salt) {
        if (salt.length != SALT) {
            throw new IllegalArgumentException("a salt has " + SALT + " bytes, not " + salt.length);
        }
        Optional<Refusal> refusal = refusal(message);
        if (refusal.isPresent()) {
            return new SealResult.Unsendable(refusal.get().text());
        }
        String text = Base64Text.encode(key.seal(MessageCodec.encode(message), salt));
        if (text.length() >= Candidate.GPG_LENGTH) {
            return new SealResult.Unsendable("longer than fwknopd takes: it has " + text.length()
                    + " characters encrypted, and may have " + (Candidate.GPG_LENGTH - 1));
        }
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        String tag = hmac.map(mac -> new String(mac.tag(ascii, ascii.length), StandardCharsets.US_ASCII))
                .orElse("");
        return new SealResult.Sealed(text.substring(Candidate.SALTED_HEAD.length()) + tag);
    }

    /** Why a receiver would refuse this message. */
    static Optional<Refusal> refusal(SpaMessage message) {
        return switch (MessageCodec.decode(MessageCodec.encode(message))) {
            case MessageResult.Refused(Refusal reason) -> Optional.of(reason);
            // A comma in a command's address, say: well formed, and something else.
            case MessageResult.Decoded(SpaMessage read) ->
                read.equals(message) ? Optional.empty() : Optional.of(Refusal.MESSAGE);
        };
    }

    /** Opens a payload. A receiver with many stanzas uses {@link Candidate}. */
    public static OpenResult open(byte[] payload, CipherKey key, Optional<HmacKey> hmac) {
        Candidate candidate = new Candidate();
        Optional<Refusal> refusal = candidate.take(payload);
        if (refusal.isPresent()) {
            return new OpenResult.Refused(refusal.get());
        }
        if (hmac.isPresent() && !candidate.isTagged(hmac.get())) {
            return new OpenResult.Refused(Refusal.HMAC);
        }
        Optional<Ciphertext> ciphertext =
                candidate.ciphertext(hmac.map(mac -> mac.type().characters()).orElse(0));
        if (ciphertext.isEmpty()) {
            return new OpenResult.Refused(Refusal.CIPHERTEXT);
        }
        return switch (ciphertext.get().open(key)) {
            case MessageResult.Decoded(SpaMessage message) ->
                new OpenResult.Opened(message, ciphertext.get().digest());
            case MessageResult.Refused(Refusal reason) -> new OpenResult.Refused(reason);
        };
    }
}
