package tirl.daemon.knockd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The command line of knockd, and what tirl adds to it.
 *
 * @param configFile absolute, so that a reload reads the same file after the change to the root directory
 * @param iface beats the configuration's
 * @param logFile beaten by the configuration's
 * @param pidFile beaten by the configuration's; written only in the background
 * @param explain log what knockd does not: failed attempts with their reason, what commands print
 * @param repeat knockd's way: a knock while the door is open runs the start command again instead of extending
 * @param strict touching any other port spoils an attempt, as with tirl's own doors
 * @param state directory of the store of open doors
 */
public record KnockdSettings(
        Path configFile,
        Optional<String> iface,
        Optional<String> logFile,
        Optional<String> pidFile,
        boolean background,
        boolean debug,
        boolean lookUp,
        boolean verbose,
        boolean onlyIpv4,
        boolean explain,
        boolean repeat,
        boolean strict,
        Path state,
        int maxCommands,
        Optional<Duration> commandLimit) {
    public static final Path DEFAULT_CONFIG = Path.of("/etc/knockd.conf");
    public static final Path DEFAULT_STATE = Path.of("/var/lib/tirl/knockd");
    static final String DEFAULT_INTERFACE = "eth0";
    static final String DEFAULT_PID_FILE = "/var/run/knockd.pid";
}
