package tirl.fwknop.gate;

/** Why somebody who has the keys gets nothing. */
public enum DenyReason {
    EXPIRED("the stanza has expired"),
    STALE("made too long ago, or the client's clock is slow"),
    FUTURE("from the future: the client's clock is fast"),
    NO_ADDRESS("names no address, and REQUIRE_SOURCE_ADDRESS asks for one"),
    ADDRESS("names an address that nobody can have"),
    USER("the user name is not the one of REQUIRE_USERNAME"),
    FORWARDING("asks for NAT, and ENABLE_IPT_FORWARDING is not Y"),
    LOCAL_NAT("asks for local NAT, and ENABLE_IPT_LOCAL_NAT is not Y"),
    TARGET("the NAT target is no address of a machine behind this one"),
    TARGET_NAME("the NAT target is a name, and ENABLE_NAT_DNS is N"),
    COMMANDS("asks for a command, and ENABLE_CMD_EXEC is not Y"),
    COMMAND("the command has more words than are taken"),
    PORT("asks for a port that OPEN_PORTS or RESTRICT_PORTS does not allow"),
    TARGET_PORT("the NAT target's port is not allowed by OPEN_PORTS or RESTRICT_PORTS");

    private final String text;

    DenyReason(String text) {
        this.text = text;
    }

    /** For people. */
    public String text() {
        return text;
    }
}
