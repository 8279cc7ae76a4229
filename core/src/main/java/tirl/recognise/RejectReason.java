package tirl.recognise;

/** Why a half-done sequence ended without opening, in words for people. */
public enum RejectReason {
    WRONG_KNOCK("another port was touched, or a knock came out of order"),
    TOO_SLOW("the sequence took longer than the door allows"),
    CROWDED_OUT("too many half-done sequences; this was the oldest of the least advanced");

    private final String text;

    RejectReason(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
