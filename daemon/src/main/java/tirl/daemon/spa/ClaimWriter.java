package tirl.daemon.spa;

import java.util.function.Consumer;

/** Brings claims to the disk, in the order in which they come, on a thread of its own. */
public interface ClaimWriter {
    /**
     * Never waits. Then either {@link Claim#then} is run on the decision thread, or {@link Claim#undo} and {@code failed}.
     *
     * @param failed gets the reason
     */
    void write(Claim claim, Consumer<String> failed);

    /**
     * Whether the next claim would be on disk within a moment, as far as anybody can know: no other is on its way, and the
     * last one got there.
     */
    boolean isIdle();
}
