package tirl.importer;

import java.util.NavigableSet;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tirl.door.ServicePort;

/**
 * EXTERNAL_CMD_OPEN and EXTERNAL_CMD_CLOSE of fwknop 1.9, which took the firewall's place, as a door's commands.
 *
 * @param start empty when there are none
 * @param problem why they cannot be taken over
 */
record LegacyHooks(Optional<String> start, Optional<String> stop, Optional<String> problem) {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z_]\\w*)}?");

    static LegacyHooks of(LegacyStanza stanza, NavigableSet<ServicePort> ports) {
        Optional<String> open = command(stanza, "EXTERNAL_CMD_OPEN");
        Optional<String> close = command(stanza, "EXTERNAL_CMD_CLOSE");
        if (open.isEmpty() && close.isEmpty()) {
            return new LegacyHooks(Optional.empty(), Optional.empty(), Optional.empty());
        }
        Optional<String> start = open.flatMap(text -> translated(text, ports));
        Optional<String> stop = close.flatMap(text -> translated(text, ports));
        boolean whole = start.isPresent() && stop.isPresent();
        return new LegacyHooks(
                start,
                stop,
                whole
                        ? Optional.empty()
                        : Optional.of("EXTERNAL_CMD_OPEN and EXTERNAL_CMD_CLOSE go together, and tirl has only the"
                                + " variable %IP%: write `start` and `stop` by hand"));
    }

    private static Optional<String> command(LegacyStanza stanza, String name) {
        return stanza.text(name).filter(text -> !text.isEmpty() && !text.equals("__NONE__"));
    }

    /** Whether commands are there at all. */
    boolean isThere() {
        return start.isPresent() || stop.isPresent();
    }

    String toml() {
        return "start = " + Toml.string(start.orElse("")) + "\nstop = " + Toml.string(stop.orElse(""))
                + "\nstart6 = \"\"\n" + "stop6 = \"\"\n";
    }

    String report() {
        return problem.orElse("a command of the door, with %IP% for the source; for IPv4 sources only, as it was");
    }

    private static Optional<String> translated(String text, NavigableSet<ServicePort> ports) {
        Optional<ServicePort> single = ports.size() == 1 ? Optional.of(ports.first()) : Optional.empty();
        StringBuilder command = new StringBuilder();
        Matcher matcher = VARIABLE.matcher(text);
        int end = 0;
        while (matcher.find()) {
            Optional<String> value = switch (matcher.group(1)) {
                case "SRC" -> Optional.of("%IP%");
                case "PORT" -> single.map(port -> Integer.toString(port.port()));
                case "PROTO" -> single.map(port -> port.toString().substring(0, 3));
                case String _ -> Optional.empty();
            };
            if (value.isEmpty()) {
                return Optional.empty();
            }
            command.append(text, end, matcher.start()).append(value.get());
            end = matcher.end();
        }
        return Optional.of(command.append(text.substring(end)).toString());
    }
}
