package tirl.lab;

/** The laboratory itself did not work: a tool is missing, a command failed, something did not happen in time. */
public final class LabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LabException(String message) {
        super(message);
    }

    public LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
