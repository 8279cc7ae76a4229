package tirl.fwknop;

/** What became of a decrypted text. */
public sealed interface MessageResult {
    record Decoded(SpaMessage message) implements MessageResult {}

    record Refused(Refusal reason) implements MessageResult {}
}
