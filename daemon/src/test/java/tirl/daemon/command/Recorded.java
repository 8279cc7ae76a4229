package tirl.daemon.command;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Remembers what a command said, and waits for its end. */
final class Recorded implements CommandListener {
    private static final int DEADLINE_SECONDS = 30;

    final List<String> lines = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    volatile boolean timedOut;

    @Override
    public void finished(int exitStatus) {
        ends.add("exit " + exitStatus);
    }

    @Override
    public void output(String line) {
        lines.add(line);
    }

    @Override
    public void failedToStart(String reason) {
        ends.add("refused: " + reason);
    }

    @Override
    public void timedOut() {
        timedOut = true;
    }

    String awaitEnd() throws InterruptedException {
        String end = ends.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        return end == null ? "no end in time" : end;
    }

    boolean hasEnded() {
        return !ends.isEmpty();
    }
}
