package tirl.daemon.spa;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import tirl.spa.GateKeys;
import tirl.spa.gate.PeerBook;

/**
 * Makes the gate's next table of tokens when the epoch turns, or the clock is set, on another thread: for many devices it is a
 * second of work. Called from the decision thread only. The tokens of three epochs are live, so it does not matter when in a
 * minute this is done.
 */
final class EpochTables {
    private final DeviceRegister register;
    private final Executor elsewhere;
    private final Consumer<Runnable> decisionThread;
    private final LongSupplier random;
    private boolean underWay;

    EpochTables(DeviceRegister register, Executor elsewhere, Consumer<Runnable> decisionThread, LongSupplier random) {
        this.register = register;
        this.elsewhere = elsewhere;
        this.decisionThread = decisionThread;
        this.random = random;
    }

    void follow(long nowMs) {
        long epoch = GateKeys.epochOf(nowMs);
        if (underWay || epoch == register.gate().epoch()) {
            return;
        }
        underWay = true;
        PeerBook copy = new PeerBook(register.book());
        long hashKey = random.getAsLong();
        elsewhere.execute(() -> {
            try {
                PeerBook.EpochTable table = copy.table(epoch, hashKey);
                decisionThread.accept(() -> register.gate().use(table));
            } finally {
                decisionThread.accept(() -> underWay = false);
            }
        });
    }
}
