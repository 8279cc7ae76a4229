package tirl.fwknop.access;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a stanza runs.
 *
 * @param enabled whether it runs commands of clients
 * @param user whom they run as; empty for the daemon's own user
 * @param group likewise
 * @param sudo whether through sudo, and as whom
 * @param cycle what is run in place of opening ports
 */
public record CommandRules(
        boolean enabled, Optional<String> user, Optional<String> group, Optional<Sudo> sudo, Optional<Cycle> cycle) {
    /** Arguments {@code -u} and {@code -g} of sudo. */
    public record Sudo(Optional<String> user, Optional<String> group) {}

    /**
     * CMD_CYCLE_*.
     *
     * @param close empty when nothing is run afterwards
     * @param seconds until then, when the client does not say
     */
    public record Cycle(CommandTemplate open, Optional<CommandTemplate> close, OptionalInt seconds) {}
}
