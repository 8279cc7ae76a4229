package tirl.fwknop.access;

import tirl.config.Problem;

/** Something in one of the files that a person should look at. */
public record Finding(String file, Problem problem) {
    static Finding error(String file, int line, String message) {
        return new Finding(file, new Problem(Problem.Severity.ERROR, line, 1, message));
    }

    static Finding warning(String file, int line, String message) {
        return new Finding(file, new Problem(Problem.Severity.WARNING, line, 1, message));
    }

    public boolean isError() {
        return problem.isError();
    }

    /** Whether the line does nothing here; why is in the message. */
    public boolean isIdle() {
        return problem.message().contains(" is not applicable: ")
                || problem.message().contains("ignore");
    }

    /** {@code file:line:column: message}. */
    @Override
    public String toString() {
        return problem.at(file);
    }
}
