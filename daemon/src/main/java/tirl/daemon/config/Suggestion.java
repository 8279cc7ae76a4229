package tirl.daemon.config;

import java.util.Collection;
import java.util.Comparator;

/** Finds the word that somebody meant. */
final class Suggestion {
    private Suggestion() {}

    /** {@code ; did you mean "within"?}, or the words there are, or nothing when there are none. */
    static String of(String word, Collection<String> known) {
        if (known.isEmpty()) {
            return "";
        }
        String nearest = known.stream()
                .min(Comparator.comparingInt(k -> distance(word, k)))
                .orElseThrow();
        return distance(word, nearest) <= Math.max(2, word.length() / 3)
                ? "; did you mean \"" + nearest + "\"?"
                : "; there is " + String.join(", ", known);
    }

    /** Levenshtein's distance: insertions, deletions and replacements. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
