package tirl.daemon.store;

/** The store cannot be used now; the message names the file, the reason and what helps. What was in it stays in it. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    StoreException(String message) {
        super(message);
    }

    StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The message. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
