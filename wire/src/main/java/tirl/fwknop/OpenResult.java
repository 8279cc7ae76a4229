package tirl.fwknop;

/** What became of a packet under the keys of one stanza. */
public sealed interface OpenResult {
    /** Made by somebody who has the keys. Whether it is fresh and new is for the receiver to find out. */
    record Opened(SpaMessage message, ReplayDigest digest) implements OpenResult {}

    record Refused(Refusal reason) implements OpenResult {}
}
