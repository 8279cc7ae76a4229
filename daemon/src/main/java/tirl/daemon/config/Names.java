package tirl.daemon.config;

import java.util.regex.Pattern;

/** Names of doors, services and devices: short and plain, because they stand in logs, comments of set elements and commands. */
public final class Names {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private Names() {}

    /** Whether this is one. */
    public static boolean isName(String text) {
        return PLAIN.matcher(text).matches();
    }

    /** The section's name; empty when it is missing or wrong, which is reported. */
    static String read(Section section, Problems problems) {
        String name = section.requiredText("name");
        if (name.isEmpty() || PLAIN.matcher(name).matches()) {
            if (name.isEmpty() && section.has("name")) {
                problems.error(section.position("name"), "name is empty");
            }
            return name;
        }
        problems.error(
                section.position("name"),
                "\"" + name + "\" is no name; use up to 64 letters, digits, dots, hyphens and underscores");
        return "";
    }
}
