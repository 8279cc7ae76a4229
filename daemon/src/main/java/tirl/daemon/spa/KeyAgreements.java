package tirl.daemon.spa;

import java.util.function.Consumer;
import tirl.spa.OpenResult;
import tirl.spa.gate.Look;

/** Makes key agreements, in the order in which they are asked for. */
@FunctionalInterface
public interface KeyAgreements {
    /**
     * Never waits.
     *
     * @param then is run on the decision thread with the result
     * @return false when too many wait; then nothing comes of it
     */
    boolean begin(Look.Agreement agreement, Consumer<OpenResult> then);
}
