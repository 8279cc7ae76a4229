package tirl.fwknop.access;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A command with places for what the packet says, cut into words at blanks before anything is put in: no value can
 * become a word of its own, and no shell sees any.
 *
 * @param words the program first
 */
public record CommandTemplate(List<String> words) {
    /** As many as fwknopd takes. */
    public static final int MOST_WORDS = 30;

    public CommandTemplate {
        words = List.copyOf(words);
    }

    /** Quotes are characters like any other, as with fwknopd. */
    static CommandTemplate of(String text) {
        return new CommandTemplate(Arrays.asList(text.strip().split("\\s+", -1)));
    }

    /**
     * The command to run.
     *
     * @param values by name, without the {@code $}; where one name begins with another the longer one counts
     */
    public List<String> filled(Map<String, String> values) {
        Map<String, String> longestFirst = new TreeMap<>(
                (a, b) -> a.length() == b.length() ? a.compareTo(b) : Integer.compare(b.length(), a.length()));
        longestFirst.putAll(values);
        List<String> filled = new ArrayList<>();
        for (String word : words) {
            filled.add(filled(word, longestFirst));
        }
        return List.copyOf(filled);
    }

    private static String filled(String word, Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < word.length()) {
            int here = at;
            String name = word.charAt(at) == '$'
                    ? values.keySet().stream()
                            .filter(key -> word.startsWith(key, here + 1))
                            .findFirst()
                            .orElse("")
                    : "";
            if (name.isEmpty()) {
                text.append(word.charAt(at));
                at++;
            } else {
                text.append(values.get(name));
                at += 1 + name.length();
            }
        }
        return text.toString();
    }
}
