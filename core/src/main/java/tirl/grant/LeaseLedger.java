package tirl.grant;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Where leases are written down beside the kernel, so that the next daemon knows what the kernel's elements do not say.
 * Nothing here fails: a ledger that cannot be written reports that itself, and the kernel stays the truth. Called from
 * the decision thread only.
 */
public interface LeaseLedger {
    /**
     * What a daemon before this one left, of this boot of the machine.
     *
     * @param live leases as they were written last: the kernel may know of a later end, and time may be over for some
     * @param revoking leases of which it is not known whether the kernel was told
     * @param reopening whether that daemon died while it opened everything again after the kernel's table had gone
     */
    record Kept(List<Lease> live, List<Lease> revoking, boolean reopening) {
        /** Nothing was left, or it cannot be read. */
        public static final Kept NOTHING = new Kept(List.of(), List.of(), false);

        public Kept {
            live = List.copyOf(live);
            revoking = List.copyOf(revoking);
        }
    }

    Kept kept(long nowNs);

    /** A lease is open in the kernel, or longer open; never waits. */
    void opened(Lease lease);

    /** Time is over for these; never waits. */
    void ended(Collection<Lease> leases);

    /** Written when this returns, before the kernel is told: whatever happens then, the lease does not come back. */
    void revoking(Lease lease);

    /** The kernel has shut it. Written when this returns: the same source may open the same door the next moment. */
    void revoked(Lease lease);

    /** Written when this returns, before an empty table is put into the kernel that {@link #settled} leases belong in. */
    void reopening();

    /** Kernel and book agree on these leases and no others. */
    void settled(Collection<Lease> all);

    /** Why this must not open now: its end could not be written down. */
    default Optional<String> refusal(GrantRequest request) {
        return Optional.empty();
    }
}
