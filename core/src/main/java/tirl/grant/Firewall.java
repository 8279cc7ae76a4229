package tirl.grant;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tirl.ruleset.GuardRuleset;
import tirl.ruleset.TrialRuleset;

/**
 * The kernel's packet filter. Every call may be repeated without harm. Called from the decision thread only.
 */
public interface Firewall {
    /**
     * Puts the ruleset in place, or changes the one in place to it, in one step: no live lease ends and at no moment is
     * a guarded port open to all.
     */
    void install(GuardRuleset ruleset) throws FirewallException;

    /** Whether what {@link #install} put there is still there; if not, nothing that was open is. */
    default boolean isInstalled() throws FirewallException {
        return true;
    }

    /**
     * The same for a configuration on trial, from which the kernel goes back by itself. Installing it again does not
     * renew its time: that is in the ruleset.
     */
    default void install(TrialRuleset trial) throws FirewallException {
        throw new FirewallException("this firewall has no timer of its own to end a trial after " + trial.left());
    }

    /** Opens all of these in one step; the time of one that is open already is set anew. Takes microseconds. */
    void open(Collection<TimedOpening> openings) throws FirewallException;

    /**
     * Goes the way of {@link #open} and leaves nothing open: for an opening that no client has, so that what the first real
     * one needs is loaded and compiled.
     */
    default void rehearse(TimedOpening opening) throws FirewallException {
        open(List.of(opening));
        close(List.of(opening.opening()));
    }

    /** Shuts all of these in one step; one that is shut already does not matter. */
    void close(Collection<Opening> openings) throws FirewallException;

    /**
     * Ends the live connections of these sources to these ports of this host, which are shut: when this returns nothing of
     * them passes any more, either way, also after the port opens again.
     *
     * @return how many there were, for each opening that had any; known when the kernel has forgotten them, and completed
     *     on any thread
     */
    CompletableFuture<Map<Opening, Integer>> cut(Collection<Opening> openings) throws FirewallException;

    /**
     * The time of these is over: for a kernel that does not end them by itself, or not to the millisecond. What cannot be
     * done now is tried again without being asked.
     */
    default void expired(Collection<Opening> openings) {}

    /** What is open now, with the time left. */
    List<TimedOpening> openings() throws FirewallException;

    /** Takes away everything that {@link #install} put there and nothing else. */
    void uninstall() throws FirewallException;
}
