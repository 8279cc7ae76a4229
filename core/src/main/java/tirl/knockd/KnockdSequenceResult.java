package tirl.knockd;

import java.util.List;

/** What became of the text of one sequence. */
public sealed interface KnockdSequenceResult {

    /**
     * knockd takes it.
     *
     * @param steps 1 to 32
     * @param oddities what it reads otherwise than it looks, as sentences; empty for a clean sequence
     */
    record Steps(List<KnockdStep> steps, List<String> oddities) implements KnockdSequenceResult {
        public Steps {
            steps = List.copyOf(steps);
            oddities = List.copyOf(oddities);
        }
    }

    /** knockd refuses it: what it prints on stderr. */
    record Wrong(String message) implements KnockdSequenceResult {}
}
