package tirl.spa;

/** Whom a grant is for (section 5.2). The order is the one on the wire. */
public enum AddressMode {
    OBSERVED,
    CLAIMED,
    EQUAL,
    DUAL
}
