package tirl.config;

/** A value is not written as it should be; the message says what would be right. */
public final class NotationException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String problem;

    public NotationException(String problem) {
        super(problem);
        this.problem = problem;
    }

    /** The message. */
    public String problem() {
        return problem;
    }
}
