package tirl.daemon.pgp;

/** Ends the reading of a message; never leaves this package. Without a stack trace, as strangers cause it. */
final class RefusedMessage extends Exception {
    private static final long serialVersionUID = 1L;

    private final PgpRefusal why;

    RefusedMessage(PgpRefusal why) {
        super(why.text(), null, false, false);
        this.why = why;
    }

    PgpRefusal why() {
        return why;
    }
}
