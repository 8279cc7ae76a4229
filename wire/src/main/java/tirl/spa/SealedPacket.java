package tirl.spa;

/** A packet ready to be sent, and what its answer will be opened with. */
public final class SealedPacket {
    private final byte[] bytes;
    private final AnswerKey answerKey;

    SealedPacket(byte[] bytes, AnswerKey answerKey) {
        this.bytes = bytes;
        this.answerKey = answerKey;
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public AnswerKey answerKey() {
        return answerKey;
    }
}
