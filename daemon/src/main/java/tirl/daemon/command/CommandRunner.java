package tirl.daemon.command;

/** Runs shell commands, those of one key one after another. */
public interface CommandRunner extends AutoCloseable {
    /** Has a command run; never waits. Every call is answered by the listener. */
    void run(String key, String text, CommandListener listener);

    @Override
    void close();
}
