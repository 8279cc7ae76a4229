package tirl.daemon.journal;

/** The journal cannot be kept; the message says where, why and what to do. What was in it before stays in it. */
public final class JournalException extends Exception {
    private static final long serialVersionUID = 1L;

    JournalException(String message) {
        super(message);
    }

    JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
