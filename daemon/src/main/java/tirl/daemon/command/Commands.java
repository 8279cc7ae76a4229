package tirl.daemon.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tirl.daemon.command.Lanes.Waiting;

/**
 * Runs shell commands, a bounded number at once. {@link #run} may be called by any thread and returns at once; a thread
 * lives only while it has commands to run. Nothing here sleeps until a door closes: that is one timer's work elsewhere.
 */
public final class Commands implements CommandRunner {
    private final CommandLimits limits;
    private final Duration patience;
    private final Shell shell;
    private final OutputReader outputs;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition threadEnded = lock.newCondition();
    private final Lanes lanes = new Lanes();
    private int threads;
    private long refused;
    private boolean closed;

    /**
     * Commands run in {@code directory}; {@code patience} is how long {@link #close} waits for them.
     *
     * @throws IOException when the kernel gives no descriptors
     */
    public Commands(Path directory, CommandLimits limits, Duration patience) throws IOException {
        this.limits = limits;
        this.patience = patience;
        outputs = new OutputReader();
        shell = new Shell(directory, limits, outputs);
    }

    /**
     * Runs {@code /bin/sh -c commandText} after every command of the same key given before. Start and stop command of
     * one door and source have one key: a rule must not be taken away before it is there.
     */
    @Override
    public void run(String key, String commandText, CommandListener listener) {
        Optional<String> refusal = admit(new Waiting(key, commandText, listener));
        refusal.ifPresent(listener::failedToStart);
    }

    private Optional<String> admit(Waiting command) {
        lock.lock();
        try {
            if (closed) {
                refused++;
                return Optional.of("commands are no longer run: the daemon stops");
            }
            if (lanes.waiting() >= limits.waiting()) {
                refused++;
                return Optional.of(limits.waiting() + " commands wait already, " + limits.running()
                        + " run at once; commands take too long or doors open too often");
            }
            lanes.add(command);
            if (threads < limits.running() && lanes.hasReady()) {
                Thread.ofPlatform().daemon().name("command").start(this::work);
                threads++;
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (Optional<Waiting> next = next(); next.isPresent(); next = next()) {
            Waiting command = next.get();
            try {
                shell.run(command.text(), command.listener());
            } catch (RuntimeException bug) {
                Thread self = Thread.currentThread();
                self.getUncaughtExceptionHandler().uncaughtException(self, bug);
            } finally {
                release(command.key());
            }
        }
    }

    private Optional<Waiting> next() {
        lock.lock();
        try {
            Optional<Waiting> next = lanes.take();
            if (next.isEmpty()) {
                threads--;
                threadEnded.signalAll();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void release(String key) {
        lock.lock();
        try {
            lanes.release(key);
        } finally {
            lock.unlock();
        }
    }

    /** How many commands were refused since the start. */
    public long refused() {
        lock.lock();
        try {
            return refused;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes no further commands and waits for those taken, the waiting ones included. What has not begun in time is
     * not run, which its listener is told; what still runs then is left running, as knockd leaves it.
     */
    @Override
    public void close() {
        List<Waiting> tooLate;
        lock.lock();
        try {
            closed = true;
            awaitThreads();
            tooLate = lanes.drain();
            refused += tooLate.size();
        } finally {
            lock.unlock();
        }
        tooLate.forEach(command -> command.listener().failedToStart("the daemon stopped before its turn came"));
        outputs.close();
    }

    private void awaitThreads() {
        long left = patience.toNanos();
        try {
            while (threads > 0 && left > 0) {
                left = threadEnded.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
