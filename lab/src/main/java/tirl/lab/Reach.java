package tirl.lab;

/** How a connection attempt ended. */
public enum Reach {
    /** The handshake was completed. */
    OPEN,
    /** The peer answered with a reset: nothing listens, and nothing hides it. */
    REFUSED,
    /** No answer in time: what a guarded port looks like. */
    SILENT
}
