package tirl.daemon.store;

/** Something in memory of which the store has a copy. */
public interface Flushable {
    /** How it went. */
    enum Outcome {
        DONE,
        TRY_AGAIN
    }

    /** Writes what differs; called by the store's thread. Trouble is the store's to report. */
    Outcome flush();
}
