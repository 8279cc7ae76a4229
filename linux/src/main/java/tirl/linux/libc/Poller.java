package tirl.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Waits on many descriptors with poll(2) and runs the handler of each that is ready. One thread uses it; only
 * {@link #wakeUp} may be called by others. Handlers may watch and forget descriptors, their own too.
 */
public final class Poller implements AutoCloseable {
    private static final short POLLIN = 0x01;
    private static final short POLLNVAL = 0x20;
    private static final long ENTRY = 8;
    private static final long EVENTS = 4;
    private static final long REVENTS = 6;
    /** Errors in a row, without anything to read, after which a descriptor rests. */
    private static final int ERRORS_UNTIL_REST = 16;

    private static final long REST_NANOS = 1_000_000_000L;

    private static final class Watch {
        final int fd;
        final Runnable handler;
        int errorsInARow;
        boolean forgotten;

        Watch(int fd, Runnable handler) {
            this.fd = fd;
            this.handler = handler;
        }
    }

    private final List<Watch> watches = new ArrayList<>();
    private final int wakeUp;
    private final MemorySegment wakeUpValue = Arena.ofAuto().allocate(JAVA_LONG);
    private final MemorySegment one = Arena.ofAuto().allocateFrom(JAVA_LONG, 1);
    private MemorySegment pollfds = Arena.ofAuto().allocate(8 * ENTRY, ENTRY);
    private boolean anyForgotten;
    private boolean anyResting;
    private long restUntil;

    public Poller() throws LibcException {
        wakeUp = Libc.eventfd();
        watch(wakeUp, this::drainWakeUp);
    }

    /** Runs {@code onReadable} whenever {@code fd} has something to read or is in error. */
    public void watch(int fd, Runnable onReadable) {
        long end = watches.size() * ENTRY;
        if (end == pollfds.byteSize()) {
            MemorySegment larger = Arena.ofAuto().allocate(2 * end, ENTRY);
            pollfds = larger.copyFrom(pollfds);
        }
        watches.add(new Watch(fd, onReadable));
        pollfds.set(JAVA_INT, end, fd);
        pollfds.set(JAVA_SHORT, end + EVENTS, POLLIN);
        pollfds.set(JAVA_SHORT, end + REVENTS, (short) 0);
    }

    /** Stops watching; to be called before the descriptor is closed, because its number is soon another's. */
    public void forget(int fd) {
        for (int i = 0; i < watches.size(); i++) {
            if (watches.get(i).fd == fd) {
                watches.get(i).forgotten = true;
                // poll(2) passes over a negative descriptor; the entry goes when no handler runs.
                pollfds.set(JAVA_INT, i * ENTRY, -1);
                anyForgotten = true;
            }
        }
    }

    /**
     * Waits until something is ready, {@code timeoutMillis} have passed (-1: no limit), somebody calls {@link #wakeUp}
     * or a signal comes, then runs the handlers of what is ready. May also return without any of these.
     */
    public void poll(long timeoutMillis) throws LibcException {
        removeForgotten();
        int ready = Libc.poll(pollfds, watches.size(), waitMillis(timeoutMillis));
        // A handler may add watches; those were not polled.
        int polled = watches.size();
        for (int i = 0; i < polled && ready > 0; i++) {
            short events = pollfds.get(JAVA_SHORT, i * ENTRY + REVENTS);
            Watch watch = watches.get(i);
            if (events != 0) {
                ready--;
                if (!watch.forgotten) {
                    run(watch, i, events);
                }
            }
        }
    }

    /** Makes a {@link #poll} that waits, or the next one, return. Any thread. */
    public void wakeUp() {
        try {
            Libc.write(wakeUp, one);
        } catch (LibcException counterFull) {
            // EAGAIN at 2^64 - 1 pending calls: it will wake up all the same.
        }
    }

    @Override
    public void close() {
        Libc.close(wakeUp);
    }

    /**
     * poll(2) reports an error again and again until somebody takes it away, and a handler may be unable to: after some
     * in a row the descriptor is left alone for a second, so that it cannot eat the processor.
     */
    private void run(Watch watch, int index, short events) {
        watch.errorsInARow = (events & POLLIN) == 0 ? watch.errorsInARow + 1 : 0;
        if ((events & POLLNVAL) != 0) {
            forget(watch.fd);
            throw new IllegalStateException("descriptor " + watch.fd + " was closed while being watched");
        }
        if (watch.errorsInARow > ERRORS_UNTIL_REST) {
            pollfds.set(JAVA_INT, index * ENTRY, -1);
            anyResting = true;
            restUntil = System.nanoTime() + REST_NANOS;
        }
        watch.handler.run();
    }

    private int waitMillis(long timeoutMillis) {
        int limit = (int) Math.min(timeoutMillis, Integer.MAX_VALUE);
        if (!anyResting) {
            return limit;
        }
        long leftMillis = (restUntil - System.nanoTime()) / 1_000_000;
        if (leftMillis <= 0) {
            anyResting = false;
            for (int i = 0; i < watches.size(); i++) {
                pollfds.set(JAVA_INT, i * ENTRY, watches.get(i).fd);
            }
            return limit;
        }
        return limit < 0 ? (int) leftMillis + 1 : (int) Math.min(limit, leftMillis + 1);
    }

    private void removeForgotten() {
        if (!anyForgotten) {
            return;
        }
        anyForgotten = false;
        int kept = 0;
        for (int i = 0; i < watches.size(); i++) {
            if (!watches.get(i).forgotten) {
                watches.set(kept, watches.get(i));
                MemorySegment.copy(pollfds, i * ENTRY, pollfds, kept * ENTRY, ENTRY);
                kept++;
            }
        }
        watches.subList(kept, watches.size()).clear();
    }

    private void drainWakeUp() {
        try {
            long _ = Libc.read(wakeUp, wakeUpValue);
        } catch (LibcException failure) {
            throw new IllegalStateException("the wake-up descriptor cannot be read", failure);
        }
    }
}
