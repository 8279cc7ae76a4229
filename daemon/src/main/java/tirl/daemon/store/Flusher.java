package tirl.daemon.store;

/** Brings to the store what was changed in memory. */
public interface Flusher {
    /** Before long; never waits. */
    void soon();

    /** Now; waits, within bounds, until it was tried. */
    void now();
}
