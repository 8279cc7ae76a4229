package tirl.daemon.store;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tirl.daemon.store.Flushable.Outcome;

/** Writes what others leave for it, so that none of them waits for a disk; tries again while the store is in trouble. */
public final class StoreThread implements Flusher, AutoCloseable {
    /** A disk that takes longer must not keep a port open that somebody wants shut. */
    private static final long PATIENCE_MS = 1_000;

    private static final long RETRY_MS = 2_000;

    private final List<Flushable> flushables = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private long wanted;
    private long tried;
    private boolean closed;

    public StoreThread() {
        thread = Thread.ofPlatform().daemon().name("store").start(this::run);
    }

    /** From now on this is written too. */
    public void add(Flushable flushable) {
        flushables.add(flushable);
    }

    @Override
    public void soon() {
        lock.lock();
        try {
            wanted++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void now() {
        lock.lock();
        try {
            wanted++;
            long mine = wanted;
            changed.signalAll();
            long left = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
            while (tried < mine && left > 0 && thread.isAlive()) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        boolean retry = false;
        while (true) {
            long upTo;
            lock.lock();
            try {
                if (tried == wanted && !closed) {
                    if (retry) {
                        boolean _ = changed.await(RETRY_MS, TimeUnit.MILLISECONDS);
                    } else {
                        changed.await();
                    }
                }
                if (closed && tried == wanted) {
                    return;
                }
                upTo = wanted;
            } catch (InterruptedException nobodyDoes) {
                return;
            } finally {
                lock.unlock();
            }
            retry = flushAll();
            lock.lock();
            try {
                tried = upTo;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean flushAll() {
        boolean retry = false;
        for (Flushable flushable : flushables) {
            try {
                retry |= flushable.flush() == Outcome.TRY_AGAIN;
            } catch (RuntimeException bug) {
                // The others still have to be written.
                thread.getUncaughtExceptionHandler().uncaughtException(thread, bug);
            }
        }
        return retry;
    }

    /** Writes what is left, within bounds, and ends. */
    @Override
    public void close() {
        now();
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
