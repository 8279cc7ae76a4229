package tirl.lab.bench;

/**
 * How long to measure.
 *
 * @param rounds of each kind of knock, for latencies
 * @param whole whether everything is measured, or just enough to see that it works
 */
record Scale(int rounds, boolean whole) {
    private static final int WHOLE_ROUNDS = 150;

    /** From a number of rounds as text; empty for the whole. */
    static Scale of(String rounds) {
        int number = rounds.isEmpty() ? WHOLE_ROUNDS : Integer.parseInt(rounds);
        return new Scale(number, number >= WHOLE_ROUNDS);
    }

    /** One of two numbers. */
    int pick(int ifWhole, int ifQuick) {
        return whole ? ifWhole : ifQuick;
    }
}
