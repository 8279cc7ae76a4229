package tirl.importer;

import java.util.Collection;
import java.util.stream.Collectors;

/** How strings and lists are written in TOML 1.0. */
final class Toml {
    private Toml() {}

    static String string(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    static String list(Collection<String> texts) {
        return texts.stream().map(Toml::string).collect(Collectors.joining(", ", "[", "]"));
    }

    /** Text for a comment: in one line. */
    static String comment(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
