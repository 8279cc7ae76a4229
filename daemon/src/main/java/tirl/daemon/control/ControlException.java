package tirl.daemon.control;

/** A request failed; the message says why and what to do, and is shown to the person who asked. */
public final class ControlException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    public ControlException(String message) {
        super(message);
        reason = message;
    }

    public ControlException(String message, Throwable cause) {
        super(message, cause);
        reason = message;
    }

    /** The message. */
    public String reason() {
        return reason;
    }
}
