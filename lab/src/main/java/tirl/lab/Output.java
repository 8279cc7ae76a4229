package tirl.lab;

import java.util.List;

/**
 * What a finished command left behind.
 *
 * @param exit its exit status; meaningless when it was {@code timedOut} and killed for it
 */
public record Output(List<String> command, int exit, String out, String err, boolean timedOut) {
    public Output {
        command = List.copyOf(command);
    }

    public boolean succeeded() {
        return !timedOut && exit == 0;
    }

    /** This output, when the command succeeded. */
    public Output orThrow() {
        if (!succeeded()) {
            throw new LabException(toString());
        }
        return this;
    }

    @Override
    public String toString() {
        String end = timedOut ? "did not end in time" : "exited with " + exit;
        return "`" + String.join(" ", command) + "` " + end + "\nstdout: " + out.strip() + "\nstderr: " + err.strip();
    }
}
