package tirl.importer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where in knockd.conf things stand: the parsed configuration no longer knows. */
final class SourceLines {
    private final Map<String, Integer> options = new HashMap<>();
    private final List<Map<String, Integer>> doors = new ArrayList<>();

    /** Reads a text that the parser has accepted. */
    SourceLines(String text) {
        Map<String, Integer> section = options;
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String trimmed = line.strip();
            if (trimmed.startsWith("[") && trimmed.endsWith("]")) {
                section = options;
                if (!trimmed.equals("[options]")) {
                    section = new HashMap<>();
                    section.put("", number);
                    doors.add(section);
                }
            } else if (!trimmed.isEmpty() && !trimmed.startsWith("#")) {
                section.put(canonical(trimmed.split("=", 2)[0].strip()), number);
            }
        }
    }

    private static String canonical(String key) {
        return switch (key.toLowerCase(Locale.ROOT)) {
            case "timeout" -> "seq_timeout";
            case "command" -> "start_command";
            case "command_6" -> "start_command_6";
            case String other -> other;
        };
    }

    /** The line of an option, or 0. */
    int option(String key) {
        return options.getOrDefault(key, 0);
    }

    /** The line of a door's key, or else that of its section. */
    int of(int door, String key) {
        if (door >= doors.size()) {
            return 0;
        }
        Map<String, Integer> section = doors.get(door);
        return section.getOrDefault(key, section.getOrDefault("", 0));
    }
}
