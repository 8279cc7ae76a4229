package tirl.fwknop.access;

import java.util.Optional;

/**
 * One stanza of access.conf.
 *
 * @param file where it stands
 * @param line of its SOURCE
 * @param source where its packets may come from
 * @param destination where they may have been sent
 * @param user the only user name it takes
 * @param requireSource whether a packet has to name the address to open for
 */
public record Stanza(
        String file,
        int line,
        Networks source,
        Networks destination,
        StanzaKeys keys,
        PortRules ports,
        TimeRules times,
        Optional<String> user,
        boolean requireSource,
        NatRules nat,
        CommandRules commands) {
    /** {@code access.conf:12}, which is the only name a stanza has. */
    public String place() {
        return file + ":" + line;
    }
}
