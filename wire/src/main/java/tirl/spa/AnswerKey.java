package tirl.spa;

import java.util.Arrays;
import java.util.Optional;

/** Seals and opens the answer to one packet (section 8). */
public final class AnswerKey {
    /** Octets of a sealed answer: less than any packet, so that nothing is amplified. */
    public static final int ANSWER_LENGTH = 96;
    /** Random octets that sealing takes. */
    public static final int SALT_LENGTH = 16;

    private static final int KEY = 32;
    private static final int NONCE = 12;
    private static final byte[] NO_AAD = {};

    private final Hpke.Context context;

    /** Takes over the context: of its secrets only the exporter's is kept. */
    AnswerKey(Hpke.Context context) {
        this.context = context;
        Bytes.wipe(context.key, context.nonce);
    }

    /** Seals an answer with 16 random bytes. */
    public byte[] seal(Answer answer, byte[] salt) {
        byte[] checkedSalt = Bytes.exactly(SALT_LENGTH, salt);
        byte[] material = material(checkedSalt);
        byte[] sealed = ChaCha.seal(key(material), nonce(material), NO_AAD, answer.encode());
        Bytes.wipe(material);
        return Bytes.join(checkedSalt, sealed);
    }

    /** Empty when this is no answer to the packet. */
    public Optional<Answer> open(byte[] bytes) {
        if (bytes.length != ANSWER_LENGTH) {
            return Optional.empty();
        }
        byte[] material = material(Arrays.copyOf(bytes, SALT_LENGTH));
        Optional<byte[]> plain =
                ChaCha.open(key(material), nonce(material), NO_AAD, bytes, SALT_LENGTH, Suite.SEALED_LENGTH);
        Bytes.wipe(material);
        return plain.flatMap(Answer::decode);
    }

    /** To be called when no answer is wanted, or none will be any more. */
    public void wipe() {
        context.wipe();
    }

    private byte[] material(byte[] salt) {
        return context.export(Bytes.join(Bytes.label("answer"), salt), KEY + NONCE);
    }

    private static byte[] key(byte[] material) {
        return Arrays.copyOf(material, KEY);
    }

    private static byte[] nonce(byte[] material) {
        return Arrays.copyOfRange(material, KEY, KEY + NONCE);
    }
}
