package tirl.spa;

/** What became of a packet. */
public sealed interface OpenResult {
    /** The peer made it for this server. Whether it is fresh and new is for the receiver to find out. */
    record Opened(Body body, AnswerKey answerKey) implements OpenResult {}

    /**
     * It was not opened.
     *
     * @param reason {@link Refusal#SEAL}, or {@link Refusal#BODY} from a peer that speaks another version
     */
    record Refused(Refusal reason) implements OpenResult {}
}
