package tirl.packet;

/** What became of a frame. Hostile input is a value here, never an exception. */
public enum DecodeOutcome {
    DECODED,
    /** ARP, LLDP and the like. */
    NOT_IP,
    /** A part of an IP packet: never a knock, because only its first part shows a port (RFC 1858). */
    FRAGMENT,
    /** Headers reach past the captured bytes. */
    TRUNCATED,
    /** A length or version field contradicts the packet. */
    MALFORMED,
    /** IP, but neither TCP nor UDP nor ICMP, or more extension headers than we follow. */
    OTHER_PROTOCOL
}
