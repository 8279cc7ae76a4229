package tirl.daemon.spa;

import tirl.daemon.store.Store;

/**
 * Something that has to be on disk before it has effect.
 *
 * @param durable is done in a transaction on another thread, perhaps together with other claims
 * @param then is run on the decision thread when that is on disk; never when it failed
 * @param undo is run on the decision thread when it failed: what was noted in memory meanwhile is taken back
 */
public record Claim(Store.Work<?> durable, Runnable then, Runnable undo) {
    /** Of which nothing was noted in memory. */
    public Claim(Store.Work<?> durable, Runnable then) {
        this(durable, then, () -> {});
    }

    /** The same, and something more when it is on disk. */
    public Claim andThen(Runnable more) {
        return new Claim(
                durable,
                () -> {
                    then.run();
                    more.run();
                },
                undo);
    }
}
