package tirl.daemon.spa;

/** SPA cannot be offered with what is on the disk; the message names the file and what helps. */
public final class SpaException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    public SpaException(String message) {
        super(message);
        reason = message;
    }

    public SpaException(String message, Throwable cause) {
        super(message, cause);
        reason = message;
    }

    /** The message. */
    public String reason() {
        return reason;
    }
}
