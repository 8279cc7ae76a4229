package tirl.daemon.command;

import java.time.Duration;
import java.util.Optional;

/**
 * Bounds that keep commands from taking the machine: a knocker decides how often commands are started.
 *
 * @param running how many run at once; each costs one process and one thread
 * @param waiting how many wait for their turn before further ones are refused
 * @param time how long one may run
 * @param grace how long one that was told to end may take before it is killed
 * @param outputBytes how much of the output of one is passed on; the rest is read and dropped
 */
public record CommandLimits(int running, int waiting, Optional<Duration> time, Duration grace, int outputBytes) {
    /** Commands may run for ever, as those of knockd. */
    public static final CommandLimits STANDARD =
            new CommandLimits(64, 10_000, Optional.empty(), Duration.ofSeconds(5), 16 * 1024);

    public CommandLimits {
        if (running < 1 || waiting < 1 || outputBytes < 0) {
            throw new IllegalArgumentException("commands need room: " + running + ", " + waiting + ", " + outputBytes);
        }
    }

    public CommandLimits withTime(Optional<Duration> other) {
        return new CommandLimits(running, waiting, other, grace, outputBytes);
    }

    public CommandLimits withRunning(int other) {
        return new CommandLimits(other, waiting, time, grace, outputBytes);
    }
}
