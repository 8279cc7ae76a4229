package tirl.importer;

/**
 * What became of one line of the source.
 *
 * @param line from 1; 0 when it is about the file as a whole
 */
public record ImportLine(int line, Fate fate, String text) {
    /** From harmless to not. */
    public enum Fate {
        /** Says the same in tirl's words. */
        CONVERTED,
        /** A command stays one: it is run as knockd would. */
        HOOK,
        /** Says nearly the same; the text says what differs. */
        CHANGED,
        /** Has no counterpart and needs none. */
        DROPPED,
        /** Is lost, and somebody should look. */
        NOT_CONVERTIBLE
    }
}
