package tirl.config;

/**
 * Something in a configuration file that a person should look at.
 *
 * @param line from 1; 0 when it is about the file as a whole
 * @param column from 1; 0 when it is about the file as a whole
 * @param message what is wrong and what would be right
 */
public record Problem(Severity severity, int line, int column, String message) {
    /** A file with an error is not used; one with warnings is. */
    public enum Severity {
        ERROR,
        WARNING
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** {@code file:line:column: message}, the form that editors jump to. */
    public String at(String file) {
        String place = line == 0 ? file : file + ":" + line + ":" + column;
        return place + ": " + (isError() ? "" : "warning: ") + message;
    }
}
