package tirl.knockd;

import java.util.Optional;

/**
 * The {@code [options]} section. A value that is present but empty counts as absent.
 *
 * @param useSyslog whether messages also go to syslog
 * @param logFile last one given
 * @param pidFile last one given
 * @param iface first one given, at most {@value #MAX_INTERFACE} octets
 */
public record KnockdOptions(
        boolean useSyslog, Optional<String> logFile, Optional<String> pidFile, Optional<String> iface) {
    /** knockd cuts a longer name. */
    static final int MAX_INTERFACE = 31;
}
