package tirl.daemon.spa;

import java.util.function.Consumer;

/** Brings claims to the disk, in the order in which they come, on a thread of its own. */
@FunctionalInterface
public interface ClaimWriter {
    /**
     * Never waits. Then either {@link Claim#then} is run on the decision thread, or {@link Claim#undo} and {@code failed}.
     *
     * @param failed gets the reason
     */
    void write(Claim claim, Consumer<String> failed);
}
