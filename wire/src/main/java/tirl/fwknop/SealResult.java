package tirl.fwknop;

/** What became of a message that is to be sent. */
public sealed interface SealResult {
    /**
     * @param text the payload of the datagram, ASCII
     */
    record Sealed(String text) implements SealResult {}

    /**
     * No fwknopd would take it.
     *
     * @param why for people
     */
    record Unsendable(String why) implements SealResult {}
}
