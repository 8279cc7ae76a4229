package tirl.daemon.doctor;

/**
 * What one check saw.
 *
 * @param check which check, one or two words
 * @param health how bad it is
 * @param text what was seen
 * @param remedy what to do about it; empty when nothing is to be done
 */
public record Finding(String check, Health health, String text, String remedy) {
    /** From harmless to harmful. */
    public enum Health {
        GOOD,
        /** Works, but somebody should look at it; or could not be checked. */
        DOUBTFUL,
        BAD
    }

    static Finding good(String check, String text) {
        return new Finding(check, Health.GOOD, text, "");
    }

    static Finding doubtful(String check, String text, String remedy) {
        return new Finding(check, Health.DOUBTFUL, text, remedy);
    }

    static Finding bad(String check, String text, String remedy) {
        return new Finding(check, Health.BAD, text, remedy);
    }
}
