package tirl.knockd;

import java.util.Optional;

/** What opening a door runs for one source. A command that knockd's buffer cannot hold keeps both from running. */
public sealed interface KnockdCommands {

    /** Both are complete; the stop command is absent when there is no start command. */
    record Ready(Optional<String> start, Optional<String> stop) implements KnockdCommands {}

    /** The expanded start command reaches 4096 octets: {@link KnockdMessages#startCommandTooLong}. */
    record StartTooLong() implements KnockdCommands {}

    /** The expanded stop command does: {@link KnockdMessages#stopCommandTooLong}. */
    record StopTooLong() implements KnockdCommands {}
}
