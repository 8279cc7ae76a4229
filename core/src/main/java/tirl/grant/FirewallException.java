package tirl.grant;

/** The kernel refused, or could not be asked. The message names the operation, the reason and what may help. */
public final class FirewallException extends Exception {
    private static final long serialVersionUID = 1L;

    public FirewallException(String message) {
        super(message);
    }

    public FirewallException(String message, Throwable cause) {
        super(message, cause);
    }
}
