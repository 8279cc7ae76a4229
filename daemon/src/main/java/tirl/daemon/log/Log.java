package tirl.daemon.log;

import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/**
 * One line per happening on standard error. Under systemd each line begins with its priority ({@code <6>}, see
 * sd-daemon(3)) and the journal adds the time; elsewhere it begins with the time. Safe for use by several threads.
 */
public final class Log {
    private final PrintStream out;
    private final Clock clock;
    private final boolean journal;

    public Log(PrintStream out, Clock clock, boolean journal) {
        this.out = out;
        this.clock = clock;
        this.journal = journal;
    }

    /** The log of this process. */
    public static Log standardError() {
        return new Log(System.err, Clock.systemUTC(), System.getenv("JOURNAL_STREAM") != null);
    }

    public void notice(String message) {
        line(5, message);
    }

    public void warning(String message) {
        line(4, "warning: " + message);
    }

    public void error(String message) {
        line(3, "error: " + message);
    }

    private void line(int priority, String message) {
        String head = journal ? "<" + priority + ">" : clock.instant().truncatedTo(ChronoUnit.MILLIS) + " ";
        // One happening is one line, whatever a name or an error text holds.
        out.println(head + message.replace('\n', ' ').replace('\r', ' '));
    }
}
