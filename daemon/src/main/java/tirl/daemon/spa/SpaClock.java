package tirl.daemon.spa;

import java.time.InstantSource;
import java.time.ZoneId;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The clocks that SPA needs.
 *
 * @param nanoTime monotonic: leases and budgets
 * @param wall what devices' clocks are held against, and hours
 * @param zone of the hours
 */
public record SpaClock(LongSupplier nanoTime, InstantSource wall, Supplier<ZoneId> zone) {
    public static SpaClock system() {
        return new SpaClock(System::nanoTime, InstantSource.system(), ZoneId::systemDefault);
    }
}
