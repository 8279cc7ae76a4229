package tirl.daemon.store;

/** Flushers for tests without the store's thread. */
public final class Flushers {
    /** Nothing is written later: what failed is tried again by the next change. */
    public static final Flusher INLINE = new Flusher() {
        @Override
        public void soon() {}

        @Override
        public void now() {}
    };

    private Flushers() {}
}
