package tirl.fwknop.access;

import java.util.Optional;
import java.util.OptionalInt;
import tirl.fwknop.access.CommandRules.Cycle;
import tirl.fwknop.access.CommandRules.Sudo;
import tirl.fwknop.access.StanzaDraft.Place;

/** What a stanza says about commands while it is being read. */
final class CommandDraft {
    private static final int LONGEST_CYCLE = 256;

    private boolean enabled;
    private Optional<String> user = Optional.empty();
    private Optional<String> group = Optional.empty();
    private boolean sudo;
    private Optional<String> sudoUser = Optional.empty();
    private Optional<String> sudoGroup = Optional.empty();
    private Optional<String> open = Optional.empty();
    private Optional<String> close = Optional.empty();
    private OptionalInt timer = OptionalInt.empty();

    /** Takes one line; false when it is about something else. */
    boolean setting(Place place, String name, String value) {
        switch (name) {
            case "ENABLE_CMD_EXEC" -> enabled = place.flag(value);
            case "CMD_EXEC_USER" -> user = Optional.of(value);
            case "CMD_EXEC_GROUP" -> group = Optional.of(value);
            case "ENABLE_CMD_SUDO_EXEC" -> sudo = place.flag(value);
            case "CMD_SUDO_EXEC_USER" -> sudoUser = Optional.of(value);
            case "CMD_SUDO_EXEC_GROUP" -> sudoGroup = Optional.of(value);
            case "CMD_CYCLE_OPEN" -> open = command(place, name, value);
            case "CMD_CYCLE_CLOSE" -> close = command(place, name, value);
            case "CMD_CYCLE_TIMER" -> timer = timer(place, value);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static Optional<String> command(Place place, String name, String value) {
        if (value.length() >= LONGEST_CYCLE) {
            place.error(name + " has " + value.length() + " characters, and fwknopd takes fewer than " + LONGEST_CYCLE);
        }
        if (CommandTemplate.of(value).words().size() > CommandTemplate.MOST_WORDS) {
            place.error(name + " has more than " + CommandTemplate.MOST_WORDS + " words; put them into a script");
        }
        if (value.indexOf('"') >= 0 || value.indexOf('\'') >= 0) {
            place.warn("quotes mean nothing here: there is no shell, and words end at blanks");
        }
        return Optional.of(value);
    }

    private static OptionalInt timer(Place place, String value) {
        long seconds = Values.number(value);
        if (seconds < 0 || seconds > Integer.MAX_VALUE || !Values.isPlainNumber(value)) {
            place.error("\"" + value + "\" is no time; write seconds, such as 30");
            return OptionalInt.empty();
        }
        return seconds == 0 ? OptionalInt.empty() : OptionalInt.of((int) seconds);
    }

    Optional<CommandRules> finish(Place place) {
        if (open.isPresent() != close.isPresent()) {
            place.error(
                    "CMD_CYCLE_OPEN and CMD_CYCLE_CLOSE go together; write CMD_CYCLE_CLOSE NONE to run nothing afterwards");
            return Optional.empty();
        }
        if (enabled && user.isEmpty() && !sudo) {
            place.warn("clients' commands run as the daemon's own user; add CMD_EXEC_USER nobody, say");
        }
        Optional<Cycle> cycle = open.map(text -> new Cycle(
                CommandTemplate.of(text),
                close.filter(last -> !last.equalsIgnoreCase("NONE")).map(CommandTemplate::of),
                timer));
        return Optional.of(new CommandRules(
                enabled, user, group, sudo ? Optional.of(new Sudo(sudoUser, sudoGroup)) : Optional.empty(), cycle));
    }
}
