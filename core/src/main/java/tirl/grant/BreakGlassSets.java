package tirl.grant;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import tirl.packet.Address;

/** The kernel's own part of break-glass. Called from the decision thread only. */
public interface BreakGlassSets {
    /**
     * An address that stands in a set for a while.
     *
     * @param since how long it has been there
     * @param left how long it stays
     */
    record Entry(Address source, Duration since, Duration left) {}

    /** Break-glass is dormant from now until the time is over. */
    void beat(Duration time) throws FirewallException;

    /** For whom the kernel has opened by itself; nobody when break-glass is not installed. */
    List<Entry> open() throws FirewallException;

    /** Who has used break-glass, also if it has long been shut again; nobody when it is not installed. */
    List<Entry> used() throws FirewallException;

    /** Shuts what {@link #open} told of. */
    void shut(Collection<Address> sources) throws FirewallException;

    /** Takes them from the list of {@link #used}. */
    void forget(Collection<Address> sources) throws FirewallException;
}
