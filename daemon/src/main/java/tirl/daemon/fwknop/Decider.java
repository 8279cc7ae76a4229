package tirl.daemon.fwknop;

import java.util.function.Consumer;
import tirl.fwknop.gate.Decision;

/** Has packets decided, which takes an HMAC for each key, or work with a private key. */
@FunctionalInterface
interface Decider {
    /**
     * Never waits.
     *
     * @param known whether its source sent a right one before
     * @param then is run on the decision thread, unless the packet is nobody's
     */
    void begin(Asked asked, boolean known, Consumer<Decision> then);
}
