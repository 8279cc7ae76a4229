package tirl.fwknop.access;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of access.conf or fwknopd.conf that says something.
 *
 * @param line from 1
 * @param name with its colon, which access.conf may have and fwknopd.conf may not
 * @param value up to a semicolon or the end of the line, with trailing blanks: in a key they count. Empty when absent
 */
public record ConfLine(int line, String name, String value) {
    /** Octets become characters one by one, so that a key in any encoding stays what it was. */
    public static List<ConfLine> read(byte[] content) {
        List<ConfLine> lines = new ArrayList<>();
        int number = 0;
        for (String line : new String(content, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            number++;
            String text = line.stripLeading();
            if (!text.isBlank() && text.charAt(0) != '#' && text.charAt(0) != ';') {
                lines.add(one(number, text));
            }
        }
        return lines;
    }

    private static ConfLine one(int number, String text) {
        int end = 0;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end)) && text.charAt(end) != ';') {
            end++;
        }
        String rest = text.substring(end).stripLeading();
        int semicolon = rest.indexOf(';');
        String value = semicolon < 0 ? rest : rest.substring(0, semicolon);
        return new ConfLine(
                number, text.substring(0, end), value.endsWith("\r") ? value.substring(0, value.length() - 1) : value);
    }

    /** For everything but keys. */
    public String trimmed() {
        return value.strip();
    }

    /** The name without the colon that access.conf may have. */
    public String variable() {
        return name.endsWith(":") ? name.substring(0, name.length() - 1) : name;
    }

    /** Without the value, which may be a key. */
    @Override
    public String toString() {
        return line + ": " + name;
    }
}
