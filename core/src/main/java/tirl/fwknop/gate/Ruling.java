package tirl.fwknop.gate;

/** What one stanza says to one message. */
sealed interface Ruling {
    record Allowed(Action action) implements Ruling {}

    record Refused(DenyReason why) implements Ruling {}
}
