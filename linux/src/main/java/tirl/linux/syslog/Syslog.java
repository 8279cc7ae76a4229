package tirl.linux.syslog;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tirl.linux.libc.LibcException;
import tirl.linux.libc.UnixDatagram;

/**
 * Writes to the system log as syslog(3) does for knockd: facility user, level notice, no process id. Any thread; a call
 * never waits, so a message is lost while the log is away or does not keep up. The first loss in a row is reported.
 */
public final class Syslog implements AutoCloseable {
    public static final Path STANDARD_SOCKET = Path.of("/dev/log");

    /** Facility user (1) times 8 plus level notice (5). */
    private static final String PRIORITY = "<13>";
    /** RFC 3164 4.1.2: the day has two places, the first may be a blank; the names are English ones. */
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ENGLISH);
    /** What rsyslog takes at most in one piece unless told otherwise. */
    private static final int MAX_BYTES = 8192;

    private final Path socket;
    private final String ident;
    private final Clock clock;
    private final Consumer<String> trouble;
    private @Nullable UnixDatagram datagrams;
    private boolean losing;
    private long lost;

    /** {@code clock} also has the time zone; {@code trouble} gets a line when messages begin to be lost. */
    public Syslog(Path socket, String ident, Clock clock, Consumer<String> trouble) {
        this.socket = socket;
        this.ident = ident;
        this.clock = clock;
        this.trouble = trouble;
    }

    /** The log of this system, with knockd's name. */
    public static Syslog standard(Consumer<String> trouble) {
        return new Syslog(STANDARD_SOCKET, "knockd", Clock.system(ZoneId.systemDefault()), trouble);
    }

    public synchronized void notice(String message) {
        byte[] line = (PRIORITY + STAMP.format(LocalDateTime.now(clock)) + " " + ident + ": " + oneLine(message))
                .getBytes(StandardCharsets.UTF_8);
        try {
            // Addressed each time instead of connected once: a log that was restarted is found again by itself.
            UnixDatagram open = datagrams == null ? new UnixDatagram() : datagrams;
            datagrams = open;
            open.send(line.length <= MAX_BYTES ? line : Arrays.copyOf(line, MAX_BYTES), socket);
            losing = false;
        } catch (LibcException failure) {
            lost++;
            if (!losing) {
                losing = true;
                trouble.accept("messages to " + socket + " are lost (" + failure.getMessage()
                        + "); is a system log running? A log file is the alternative");
            }
        }
    }

    /** How many messages did not reach the log. */
    public synchronized long lost() {
        return lost;
    }

    @Override
    public synchronized void close() {
        if (datagrams != null) {
            datagrams.close();
            datagrams = null;
        }
    }

    /** A message is one line: what a knocker could bring in, as a host name, must not forge a second one. */
    private static String oneLine(String message) {
        return message.stripTrailing().replaceAll("\\p{Cntrl}", " ");
    }
}
