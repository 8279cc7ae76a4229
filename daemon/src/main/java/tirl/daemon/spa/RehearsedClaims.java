package tirl.daemon.spa;

import java.util.function.Consumer;
import tirl.daemon.store.Store;
import tirl.daemon.store.StoreException;

/** Does all that a claim costs, on the caller's thread, and takes it back before it is written. */
public final class RehearsedClaims implements ClaimWriter {
    private final Store store;

    public RehearsedClaims(Store store) {
        this.store = store;
    }

    @Override
    public void write(Claim claim, Consumer<String> failed) {
        try {
            store.rehearse(claim.durable());
        } catch (StoreException storeTells) {
            // It is in trouble, which it reports by itself.
        }
        claim.then().run();
    }

    @Override
    public boolean isIdle() {
        return true;
    }
}
