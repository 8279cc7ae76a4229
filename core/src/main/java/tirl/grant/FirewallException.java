package tirl.grant;

/** The kernel refused, or could not be asked. The message names the operation, the reason and what may help. */
public final class FirewallException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    public FirewallException(String message) {
        super(message);
        reason = message;
    }

    public FirewallException(String message, Throwable cause) {
        super(message, cause);
        reason = message;
    }

    /** The message. */
    public String reason() {
        return reason;
    }
}
