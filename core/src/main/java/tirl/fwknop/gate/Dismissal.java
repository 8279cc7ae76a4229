package tirl.fwknop.gate;

/** Why a packet is nobody's. Counted, and nothing else: a line of log for each is what floods a disk. */
public enum Dismissal {
    NO_HTTP("an HTTP request, and those are not taken or carry nothing"),
    AGENT("an HTTP request of another program than fwknop"),
    NO_PACKET("not the length or the letters of a packet"),
    SOURCE("no stanza takes packets from or to these addresses"),
    KEYS("no stanza's keys fit");

    private final String text;

    Dismissal(String text) {
        this.text = text;
    }

    /** For people. */
    public String text() {
        return text;
    }
}
