package tirl.client.profile;

/** There is no such profile, or it has a mistake. The message names the file, the place and the remedy. */
public final class ProfileException extends Exception {
    private static final long serialVersionUID = 1L;

    public ProfileException(String message) {
        super(message);
    }

    public ProfileException(String message, Throwable cause) {
        super(message, cause);
    }
}
