package tirl.importer;

/**
 * What became of one line of the source.
 *
 * @param file where it stands; empty for the only file that there is
 * @param line from 1; 0 when it is about the file as a whole
 */
public record ImportLine(String file, int line, Fate fate, String text) {
    /** A line of the only file that there is. */
    public ImportLine(int line, Fate fate, String text) {
        this("", line, fate, text);
    }

    /** From harmless to not. */
    public enum Fate {
        /** Stays where it is, and tirl reads it there. */
        KEPT,
        /** Says the same in tirl's words. */
        CONVERTED,
        /** A command stays one: it is run as the other program would. */
        HOOK,
        /** Stays as it is, and could be better. */
        ADVICE,
        /** Says nearly the same; the text says what differs. */
        CHANGED,
        /** Has no counterpart and needs none. */
        DROPPED,
        /** Is lost, and somebody should look. */
        NOT_CONVERTIBLE
    }
}
