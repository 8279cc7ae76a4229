package tirl.ruleset.compile;

/** Something in the configuration cannot be said in rules; the message names the door and what to do instead. */
public final class CompileException extends Exception {
    private static final long serialVersionUID = 1L;

    public CompileException(String message) {
        super(message);
    }
}
