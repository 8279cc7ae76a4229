package tirl.daemon.spa;

import tirl.daemon.store.Store;

/**
 * Something that has to be on disk before it has effect.
 *
 * @param durable is done in a transaction on another thread, perhaps together with other claims
 * @param then is run on the decision thread when that is on disk; never when it failed
 */
public record Claim(Store.Work<?> durable, Runnable then) {}
