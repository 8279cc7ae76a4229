package tirl.fwknop;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** A packet around an OpenPGP message (section 6), for senders. Receivers use {@link Candidate#openPgp}. */
public final class OpenPgpEnvelope {
    private OpenPgpEnvelope() {}

    /**
     * Makes the OpenPGP message of a text.
     *
     * @param <E> why it could not
     */
    @FunctionalInterface
    public interface Encryption<E extends Exception> {
        byte[] encrypt(byte[] plain) throws E;
    }

    /** Makes a packet. Asked to encrypt is only what a server would read. */
    public static <E extends Exception> SealResult seal(
            SpaMessage message, Encryption<E> encryption, Optional<HmacKey> hmac) throws E {
        Optional<Refusal> refusal = Envelope.refusal(message);
        if (refusal.isPresent()) {
            return new SealResult.Unsendable(refusal.get().text());
        }
        byte[] encrypted = encryption.encrypt(MessageCodec.encode(message));
        String text = Base64Text.encode(encrypted);
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        String tag = hmac.map(mac -> new String(mac.tag(ascii, ascii.length), StandardCharsets.US_ASCII))
                .orElse("");
        String packet = text.substring(Math.min(text.length(), Candidate.GPG_HEAD.length())) + tag;
        if (packet.length() > Candidate.LONGEST) {
            return new SealResult.Unsendable("longer than a packet may be: it has " + packet.length()
                    + " characters, and may have " + Candidate.LONGEST + "; a shorter key helps, such as RSA 2048");
        }
        return opens(packet, hmac, encrypted)
                ? new SealResult.Sealed(packet)
                : new SealResult.Unsendable("it is no OpenPGP message to one key");
    }

    private static boolean opens(String packet, Optional<HmacKey> hmac, byte[] encrypted) {
        Candidate candidate = new Candidate();
        return candidate.take(packet.getBytes(StandardCharsets.US_ASCII)).isEmpty()
                && candidate
                        .openPgp(hmac)
                        .filter(read -> Arrays.equals(read.bytes(), encrypted))
                        .isPresent();
    }

    /** Whether fwknopd, too, reads it: it puts one head only back, that of RSA keys, and takes short texts for AES. */
    public static boolean isForFwknopd(byte[] encrypted) {
        String text = Base64Text.encode(encrypted);
        return text.startsWith(Candidate.GPG_HEAD) && text.length() >= Candidate.GPG_LENGTH;
    }
}
