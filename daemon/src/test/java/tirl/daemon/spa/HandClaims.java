package tirl.daemon.spa;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import tirl.daemon.store.Store;
import tirl.daemon.store.Store.Durability;
import tirl.daemon.store.StoreException;

/** Writes claims when it is told to, each in a transaction of its own, on the test's thread. */
final class HandClaims implements ClaimWriter {
    private record Waiting(Claim claim, Consumer<String> failed) {}

    private final Store store;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    final List<String> failures = new ArrayList<>();
    /** Whether each claim is written as it comes. */
    boolean atOnce = true;
    /** How long the decision thread was at the last one. */
    long thenNs;
    /** Whether the process dies between the disk and the decision thread. */
    boolean dies;
    /** Whether the disk refuses. */
    boolean broken;

    HandClaims(Store store) {
        this.store = store;
    }

    @Override
    public void write(Claim claim, Consumer<String> failed) {
        waiting.add(new Waiting(claim, failed));
        if (atOnce) {
            writeAll();
        }
    }

    /** As the receiver of packets does it. */
    void write(Claim claim) {
        write(claim, failures::add);
    }

    @Override
    public boolean isIdle() {
        return waiting.isEmpty() && !broken;
    }

    int waiting() {
        return waiting.size();
    }

    void writeAll() {
        while (!waiting.isEmpty()) {
            Waiting next = waiting.remove();
            try {
                if (broken) {
                    next.claim().undo().run();
                    next.failed().accept("the disk is full");
                } else {
                    Object _ = store.write(Durability.POWER, next.claim().durable());
                    long beganNs = System.nanoTime();
                    if (!dies) {
                        next.claim().then().run();
                    }
                    thenNs = System.nanoTime() - beganNs;
                }
            } catch (StoreException e) {
                next.claim().undo().run();
                next.failed().accept(e.reason());
            }
        }
    }
}
