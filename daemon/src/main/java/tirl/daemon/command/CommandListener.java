package tirl.daemon.command;

/**
 * What became of one command. Exactly one of {@link #finished} and {@link #failedToStart} is called, as the last call;
 * calls for one command never overlap, and come from threads of {@link Commands}, or from the caller of
 * {@link Commands#run} when the command is refused at once.
 */
public interface CommandListener {
    /** The command ended; as in the shell, 128 plus the signal when a signal ended it. */
    void finished(int exitStatus);

    /** A line that the command wrote, without its end and without control characters. */
    default void output(String line) {}

    /** The command was not run, and will not be. */
    void failedToStart(String reason);

    /** The command ran longer than it may and is being ended; {@link #finished} follows. */
    default void timedOut() {}
}
