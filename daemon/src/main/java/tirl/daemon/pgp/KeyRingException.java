package tirl.daemon.pgp;

/** Keys that a stanza names cannot be used; the message says which, and what to do. */
public final class KeyRingException extends Exception {
    private static final long serialVersionUID = 1L;

    KeyRingException(String message) {
        super(message);
    }

    KeyRingException(String message, Throwable cause) {
        super(message, cause);
    }
}
