package tirl.door;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The emergency door: a sequence that the kernel recognises by itself, and only while no daemon is heard of.
 *
 * @param sequence 2 to {@link #MAX_STEPS} steps, TCP or UDP, none twice
 * @param lease how long the services stay open
 * @param within longest time from the first knock to the last
 * @param after how long the daemon's heartbeat must have been missing
 */
public record BreakGlass(List<Step> sequence, List<Service> opens, Duration lease, Duration within, Duration after) {
    /** The label of a lease that was opened this way. */
    public static final String LABEL = "break-glass";

    public static final int MIN_STEPS = 2;
    /** Each costs a set in the kernel. */
    public static final int MAX_STEPS = 8;

    public BreakGlass {
        sequence = List.copyOf(sequence);
        opens = List.copyOf(opens);
        if (sequence.size() < MIN_STEPS
                || sequence.size() > MAX_STEPS
                || Set.copyOf(sequence).size() < sequence.size()
                || sequence.stream().anyMatch(Step.Echo.class::isInstance)) {
            throw new IllegalArgumentException("not a break-glass sequence: " + sequence);
        }
    }

    /** The ports that it opens. */
    public List<ServicePort> ports() {
        return opens.stream()
                .flatMap(service -> service.ports().stream())
                .distinct()
                .sorted()
                .toList();
    }
}
