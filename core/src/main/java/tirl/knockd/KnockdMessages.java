package tirl.knockd;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import tirl.packet.Address;

/**
 * The lines that knockd 0.8 writes, byte for byte, because log watchers parse them. A message that carries its own
 * final newline is followed by an empty line in the log file; syslog gets the message itself.
 */
public final class KnockdMessages {
    private static final DateTimeFormatter LOG_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

    private KnockdMessages() {}

    /** A line of the log file with its newline, in local time. */
    public static String logLine(LocalDateTime time, String message) {
        return "[" + LOG_TIME.format(time) + "] " + message + "\n";
    }

    /** How a source is named: with a host name only when look-ups are on and one was found. */
    public static String source(Address source) {
        return source.toString();
    }

    public static String source(Address source, String hostName) {
        return source + " (" + hostName + ")";
    }

    public static String startingUp(String iface) {
        return "starting up, listening on " + iface;
    }

    public static String stage(String source, String door, int stage) {
        return source + ": " + door + ": Stage " + stage;
    }

    public static String openSesame(String source, String door) {
        return source + ": " + door + ": OPEN SESAME";
    }

    public static String sequenceTimeout(String source, String door, int stage) {
        return source + ": " + door + ": sequence timeout (stage " + stage + ")\n";
    }

    public static String runningCommand(String door, String command) {
        return door + ": running command: " + command + "\n";
    }

    public static String commandStatus(String door, int status) {
        return door + ": command returned non-zero status code (" + status + ")";
    }

    public static String commandTimeout(String source, String door) {
        return source + ": " + door + ": command timeout";
    }

    public static String startCommandTooLong() {
        return "error: parsed start command has been truncated! --> won't execute it";
    }

    public static String stopCommandTooLong() {
        return "error: parsed stop command has been truncated! --> won't execute start command";
    }

    public static String forkFailed() {
        return "error: command fork failed!";
    }

    public static String rereadingConfig(String path) {
        return "re-reading config file: " + path + "\n";
    }

    /** Reaches syslog and stdout only: the log file is closed at that moment. */
    public static String reopeningLog(String path) {
        return "re-opening log file: " + path + "\n";
    }

    public static String shuttingDown() {
        return "shutting down";
    }

    public static String noMoreSequences(String door) {
        return "no more sequences left in the one time sequences file for door " + door + " --> disabling the door\n";
    }

    public static String cannotDisableSequence(String door) {
        return "error while disabling used one time sequence for door " + door + " --> disabling the door\n";
    }

    public static String tooManyPorts(String door) {
        return "error: section " + door + ": too many ports in knock sequence\n";
    }

    public static String unknownProtocol(String door) {
        return "error: section " + door + ": unknown protocol in knock sequence\n";
    }

    public static String cannotCreatePidFile(String path, String reason) {
        return "could not create pid file " + path + ": " + reason;
    }

    public static String cannotOpen(String iface, String reason) {
        return "could not open " + iface + ": " + reason;
    }

    public static String unsupportedLinkType(int type) {
        return "error: unsupported link-layer type: " + type;
    }

    /** With -v on stdout. */
    public static String listening(String iface) {
        return "listening on " + iface + "...";
    }

    /** With -v on stdout. */
    public static String closingLog(String path) {
        return "closing log file: " + path;
    }

    /** With -v on stdout. */
    public static String waitingForChildren() {
        return "waiting for child processes...";
    }

    /** With -v on stdout. */
    public static String closing() {
        return "closing...";
    }

    /** With -D on stdout. */
    public static String localAddress(Address address) {
        return "local IP: " + address;
    }

    public static String configSyntaxError(int line) {
        return "config: line " + line + ": syntax error";
    }

    public static String configBadSectionName(int line) {
        return "config: line " + line + ": bad section name";
    }

    public static String configOutsideSection(int line) {
        return "config: line " + line + ": all directives must belong to a section";
    }

    public static String configUnrecognizedFlag(int line, String flag) {
        return "config: line " + line + ": unrecognized flag \"" + flag + "\"";
    }

    /** The port as it was written, blanks included. */
    public static String configPortIsInvalid(String door, String port) {
        return "config: section " + door + ": port " + port + " is invalid";
    }

    public static String configUnknownProtocol(String door) {
        return "config: section " + door + ": unknown protocol in knock sequence";
    }

    public static String configTooManyPorts(String door) {
        return "config: section " + door + ": too many ports in knock sequence";
    }

    public static String configEmptySequence(String door) {
        return "error: section '" + door + "' has an empty knock sequence";
    }

    /** A file that cannot be opened. */
    public static String cannotRead(String path, String reason) {
        return path + ": " + reason;
    }
}
