package tirl.fwknop.gate;

import java.util.LinkedHashMap;
import java.util.Map;
import tirl.packet.Address;
import tirl.spa.gate.Budget;

/**
 * Whose packets are looked at when many come. Nothing in a packet says whose it is, so each costs an HMAC for every key. Sources
 * that sent a right one not long ago come first; of any other source so many are looked at, and no more. Of IPv6 the
 * network counts, as one client has all its addresses.
 */
public final class Callers {
    /** Sources that are remembered. */
    static final int KNOWN = 1024;
    /** Strangers of one place share a budget, so memory is bounded; which ones do is not theirs to choose. */
    private static final int PLACES = 1024;

    static final int BURST = 1000;
    private static final long INTERVAL_NS = 100_000_000;

    private final Map<Long, Boolean> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > KNOWN;
        }
    };

    private final Budget[] budgets = new Budget[PLACES];
    private final long hashKey;

    /** @param hashKey a secret random number */
    public Callers(long hashKey) {
        this.hashKey = hashKey;
        for (int i = 0; i < PLACES; i++) {
            budgets[i] = new Budget(BURST, INTERVAL_NS);
        }
    }

    /** It sent a packet that was made with a key. */
    public void sentRightOne(Address source) {
        known.put(network(source), true);
    }

    /** Whether it sent a right one not long ago. */
    public boolean isKnown(Address source) {
        return known.get(network(source)) != null;
    }

    /** Whether one more packet of a stranger is looked at now; then it counts. */
    public boolean admits(Address source, long nowNs) {
        Budget budget = budgets[(int) (((network(source) ^ hashKey) * 0x9e37_79b9_7f4a_7c15L) >>> (Long.SIZE - 10))];
        if (!budget.has(nowNs)) {
            return false;
        }
        budget.take(nowNs);
        return true;
    }

    private static long network(Address source) {
        return source.isIpv4() ? source.low() : source.high();
    }
}
