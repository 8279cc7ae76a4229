package tirl.spa;

/** Where a packet's way through the receiver ended (section 7), in the order of the checks. */
public enum Refusal {
    LENGTH("not the length of a packet"),
    TOKEN("no live token"),
    CHECK("a live token, but the check is wrong"),
    BUDGET("too many key agreements"),
    BUSY("too many packets wait for their key agreement"),
    SEAL("the seal is broken, or it was made for another server"),
    BODY("the sealed body is malformed"),
    STALE("made too long ago, or the device's clock is slow"),
    FUTURE("from the future: the device's clock is fast"),
    BEFORE_START("made before the server started"),
    REPLAY("seen before"),
    ADDRESS("sent from another address than it says");

    private final String text;

    Refusal(String text) {
        this.text = text;
    }

    /** For people. */
    public String text() {
        return text;
    }
}
