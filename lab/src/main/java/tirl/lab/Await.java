package tirl.lab;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for something to become true, never for a guessed time. */
public final class Await {
    private static final Duration PAUSE = Duration.ofMillis(5);

    private Await() {}

    /**
     * Returns as soon as {@code condition} holds.
     *
     * @throws LabException when it does not hold within {@code limit}; the message is "expected {@code what}"
     */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        until(() -> what, limit, condition);
    }

    /** The same, with a message that is made when it is needed: it can then show what was seen instead. */
    public static void until(Supplier<String> what, Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new LabException("expected within " + limit + ": " + what.get());
            }
            pause(PAUSE);
        }
    }

    /** Lets time pass, where passing time is what is tested or what paces a knock. */
    public static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted", e);
        }
    }
}
