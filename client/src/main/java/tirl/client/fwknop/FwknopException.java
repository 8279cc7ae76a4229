package tirl.client.fwknop;

/** Why nothing can be sent, and what to do; one sentence for people. */
public final class FwknopException extends Exception {
    private static final long serialVersionUID = 1;

    public FwknopException(String message) {
        super(message);
    }
}
