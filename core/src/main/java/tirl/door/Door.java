package tirl.door;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A sequence door: who knocks these steps in order within the time gets the services for a while.
 *
 * @param sequence 1 to {@link #MAX_STEPS} steps; none only while a one-time door has no sequence left
 * @param within longest time from the first knock to the last
 * @param lease how long the services stay open
 * @param flags what a TCP knock must look like
 * @param strict whether touching any other port of the guarded range spoils an attempt; otherwise only the ports that
 *     some door lists do
 * @param tolerateRepeat whether the knock just accepted may come again (a retransmitted SYN) without spoiling it
 * @param oneTimeFile path of a file of sequences that each open the door once
 */
public record Door(
        String name,
        List<Step> sequence,
        Duration within,
        List<Service> opens,
        Duration lease,
        FlagCondition flags,
        boolean strict,
        boolean tolerateRepeat,
        Hooks hooks,
        Optional<String> oneTimeFile) {
    /** As many as knockd takes. */
    public static final int MAX_STEPS = 32;

    public Door {
        sequence = List.copyOf(sequence);
        opens = List.copyOf(opens);
        if ((sequence.isEmpty() && oneTimeFile.isEmpty()) || sequence.size() > MAX_STEPS) {
            throw new IllegalArgumentException("door " + name + " has " + sequence.size() + " steps");
        }
    }

    /** This door with another sequence. */
    public Door withSequence(List<Step> next) {
        return new Door(name, next, within, opens, lease, flags, strict, tolerateRepeat, hooks, oneTimeFile);
    }
}
