package tirl.daemon.journal;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Says when an entry is due, earliest first and overdue ones at once: one thread for all doors. Any thread may call. An
 * entry keeps the delay it had when it was scheduled, whatever is done to the clock since.
 */
public final class StopTimer implements StopAlarm {
    /** Furthest ahead that an entry is placed; beyond it nanoseconds overflow. */
    private static final Duration FOREVER = Duration.ofDays(36_500);

    private record Place(long dueNanos, Entry entry) {}

    private final InstantSource clock;
    private final Consumer<Entry> onDue;
    private final long origin = System.nanoTime();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeSet<Place> queue =
            new TreeSet<>(Comparator.comparingLong(Place::dueNanos).thenComparingLong(place -> place.entry.id()));
    private final Map<Long, Place> places = new HashMap<>();
    private boolean closed;

    /** {@code onDue} is called by the timer's thread, one entry after another; it should only pass the entry on. */
    public StopTimer(InstantSource clock, Consumer<Entry> onDue) {
        this.clock = clock;
        this.onDue = onDue;
        Thread.ofPlatform().daemon().name("stop-timer").start(this::run);
    }

    @Override
    public void schedule(Entry entry) {
        // Clamped, and not to zero: overdue entries keep their order among themselves.
        Duration delay = Duration.between(clock.instant(), entry.due());
        delay = delay.compareTo(FOREVER) > 0 ? FOREVER : delay;
        delay = delay.compareTo(FOREVER.negated()) < 0 ? FOREVER.negated() : delay;
        long due = System.nanoTime() - origin + delay.toNanos();
        lock.lock();
        try {
            remove(entry);
            Place place = new Place(due, entry);
            places.put(entry.id(), place);
            queue.add(place);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void cancel(Entry entry) {
        lock.lock();
        try {
            remove(entry);
        } finally {
            lock.unlock();
        }
    }

    private void remove(Entry entry) {
        Place old = places.remove(entry.id());
        if (old != null) {
            queue.remove(old);
        }
    }

    private void run() {
        for (Optional<Entry> due = awaitDue(); due.isPresent(); due = awaitDue()) {
            try {
                onDue.accept(due.get());
            } catch (RuntimeException bug) {
                // The other doors still have to be shut.
                Thread self = Thread.currentThread();
                self.getUncaughtExceptionHandler().uncaughtException(self, bug);
            }
        }
    }

    private Optional<Entry> awaitDue() {
        lock.lock();
        try {
            while (!closed) {
                long now = System.nanoTime() - origin;
                if (queue.isEmpty()) {
                    changed.await();
                } else if (queue.first().dueNanos() > now) {
                    long _ = changed.awaitNanos(queue.first().dueNanos() - now);
                } else {
                    Entry due = queue.first().entry();
                    remove(due);
                    return Optional.of(due);
                }
            }
            return Optional.empty();
        } catch (InterruptedException nobodyDoes) {
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread; what is not due yet stays in the journal. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
