package tirl.daemon.mail;

/** A mail was not taken; the message is one line that says by whom and why. */
public final class MailException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    MailException(String reason) {
        super(reason);
        this.reason = reason;
    }

    MailException(String reason, Throwable cause) {
        super(reason, cause);
        this.reason = reason;
    }

    /** The message. */
    public String reason() {
        return reason;
    }
}
