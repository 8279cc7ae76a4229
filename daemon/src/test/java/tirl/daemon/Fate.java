package tirl.daemon;

/** Counts the steps of a life, and ends it at one of them: from then on every step fails, as nothing runs any more. */
final class Fate {
    /** The end of a process: nobody catches it but the test. */
    static final class Death extends Error {
        private static final long serialVersionUID = 1L;

        Death(String place) {
            super(place, null, false, false);
        }
    }

    private final int last;
    private int steps;

    /**
     * @param last the step that is not taken any more; 0 for a life without an end
     */
    Fate(int last) {
        this.last = last;
    }

    void step(String what) {
        steps++;
        if (last > 0 && steps >= last) {
            throw new Death("step " + last + ", " + what);
        }
    }

    int steps() {
        return steps;
    }
}
