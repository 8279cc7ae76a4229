package tirl.daemon.spa;

import java.util.List;
import java.util.function.Consumer;
import tirl.daemon.store.Store;
import tirl.daemon.store.StoreException;

/** Does all that a claim costs, on the caller's thread, and takes it back before it is written. */
public class RehearsedClaims implements ClaimWriter {
    private final Store store;

    private RehearsedClaims(Store store) {
        this.store = store;
    }

    /** Three, to be taken in turn, as a {@link tirl.daemon.practice.Cast} is. */
    public static List<ClaimWriter> three(Store store) {
        return List.of(new RehearsedClaims(store), new Second(store), new Third(store));
    }

    private static final class Second extends RehearsedClaims {
        Second(Store store) {
            super(store);
        }
    }

    private static final class Third extends RehearsedClaims {
        Third(Store store) {
            super(store);
        }
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
