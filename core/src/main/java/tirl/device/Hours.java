package tirl.device;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.Set;

/**
 * Hours of some days of the week.
 *
 * @param from the first minute
 * @param to the first minute after; when not later than {@code from}, of the day after
 */
public record Hours(Set<DayOfWeek> days, LocalTime from, LocalTime to) {
    public Hours {
        days = Set.copyOf(days);
    }
}
