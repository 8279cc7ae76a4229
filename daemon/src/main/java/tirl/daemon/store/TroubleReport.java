package tirl.daemon.store;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Tells of trouble when it comes, when it changes, once an hour while it lasts, and when it is over. */
final class TroubleReport {
    private static final long REPEAT_NS = 3_600_000_000_000L;

    private final Consumer<String> told;
    private final LongSupplier nanoTime;
    private final AtomicReference<String> current = new AtomicReference<>("");
    private long toldNs;

    TroubleReport(Consumer<String> told, LongSupplier nanoTime) {
        this.told = told;
        this.nanoTime = nanoTime;
    }

    Optional<String> current() {
        String text = current.get();
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** Guarded by the store's lock. */
    void trouble(StoreException e) {
        String reason = e.reason();
        long nowNs = nanoTime.getAsLong();
        String before = current.getAndSet(reason);
        if (!before.equals(reason) || nowNs - toldNs >= REPEAT_NS) {
            toldNs = nowNs;
            told.accept(reason + ". Meanwhile doors with hooks stay shut and nothing opens by SPA; all other doors, and"
                    + " break-glass, work");
        }
    }

    void well() {
        if (!current.getAndSet("").isEmpty()) {
            told.accept("the store works again");
        }
    }
}
