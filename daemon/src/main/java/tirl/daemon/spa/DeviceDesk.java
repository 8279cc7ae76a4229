package tirl.daemon.spa;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import tirl.daemon.control.ControlException;
import tirl.daemon.spa.DeviceRequests.Caller;

/**
 * Brings what an administrator changes to the decision thread and waits, on his own, until it is on disk. One change after
 * the other.
 */
final class DeviceDesk {
    /** A disk that takes longer is in trouble; 10,000 devices on a slow one are not. */
    private static final int PATIENCE_SECONDS = 30;

    /** While a packet of the same device is on its way to the disk. */
    private static final int PAUSE_MS = 5;

    private final ClaimWriter claims;
    private final Caller decisions;
    private final ReentrantLock one = new ReentrantLock();

    DeviceDesk(ClaimWriter claims, Caller decisions) {
        this.claims = claims;
        this.decisions = decisions;
    }

    /** A change to be written; empty when it has to wait for another. */
    @FunctionalInterface
    interface Change {
        Optional<Claim> begin() throws ControlException;
    }

    /** Several steps that nobody else's change comes between. */
    @FunctionalInterface
    interface Steps<T> {
        T take() throws ControlException;
    }

    <T> T alone(Steps<T> steps) throws ControlException {
        try {
            if (!one.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new ControlException("another change of devices is still under way; ask again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlException("interrupted", e);
        }
        try {
            return steps.take();
        } finally {
            one.unlock();
        }
    }

    /** On the decision thread. */
    <T> T ask(Callable<T> task) throws ControlException {
        return decisions.call(task);
    }

    /**
     * Returns when it is on disk and in force.
     *
     * @param otherwise how things stand when it failed, before the reason
     */
    void change(String otherwise, Change change) throws ControlException {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        CompletableFuture<Optional<String>> done = new CompletableFuture<>();
        while (!ask(() -> begin(change, done))) {
            if (System.nanoTime() - giveUp >= 0) {
                throw new ControlException(otherwise + "another change of it does not get to the disk; ask again");
            }
            pause();
        }
        try {
            Optional<String> failure = done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (failure.isPresent()) {
                throw new ControlException(otherwise + failure.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlException("interrupted", e);
        } catch (TimeoutException e) {
            throw new ControlException(
                    otherwise + "the disk has not taken it within " + PATIENCE_SECONDS
                            + " s; it may yet: see `tirl devices`",
                    e);
        } catch (ExecutionException e) {
            throw new ControlException(otherwise + e, e);
        }
    }

    private boolean begin(Change change, CompletableFuture<Optional<String>> done) throws ControlException {
        Optional<Claim> claim = change.begin();
        claim.ifPresent(one -> claims.write(
                one.andThen(() -> done.complete(Optional.empty())), reason -> done.complete(Optional.of(reason))));
        return claim.isPresent();
    }

    private static void pause() throws ControlException {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlException("interrupted", e);
        }
    }
}
