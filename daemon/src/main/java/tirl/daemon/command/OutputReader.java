package tirl.daemon.command;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import tirl.linux.libc.Poller;

/** The one thread that reads what all commands write, and goes on for those that left a writer behind. */
final class OutputReader implements AutoCloseable {
    private final Poller poller = new Poller();
    private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>();
    private boolean closed;
    /** The poller's descriptor may be another's by now. */
    private boolean gone;

    OutputReader() throws IOException {
        Thread.ofPlatform().daemon().name("command-output").start(this::run);
    }

    /** Reads the output until its end, then closes it. Any thread. */
    synchronized void follow(CommandOutput output) {
        if (gone) {
            output.close();
            return;
        }
        errands.add(() -> poller.watch(output.readEnd(), () -> {
            if (output.read()) {
                poller.forget(output.readEnd());
                output.close();
            }
        }));
        poller.wakeUp();
    }

    private void run() {
        try {
            while (!isClosed()) {
                for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
                    errand.run();
                }
                poller.poll(-1);
            }
        } catch (IOException e) {
            throw new IllegalStateException("waiting for output of commands: " + e.getMessage(), e);
        } finally {
            leave();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void leave() {
        gone = true;
        poller.close();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (!gone) {
            poller.wakeUp();
        }
    }
}
