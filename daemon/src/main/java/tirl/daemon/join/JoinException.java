package tirl.daemon.join;

/** A firewall of this host could not be asked or changed. The message says which, why, and what may help. */
public final class JoinException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /** @param message one line */
    public JoinException(String message) {
        super(message);
        reason = message;
    }

    /** @param message one line */
    public JoinException(String message, Throwable cause) {
        super(message, cause);
        reason = message;
    }

    /** The message. */
    public String reason() {
        return reason;
    }
}
