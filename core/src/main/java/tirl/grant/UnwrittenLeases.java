package tirl.grant;

import java.util.Collection;

/** A ledger for who needs no memory: leases that are gone with this process. */
public class UnwrittenLeases implements LeaseLedger {
    public UnwrittenLeases() {}

    @Override
    public Kept kept(long nowNs) {
        return Kept.NOTHING;
    }

    @Override
    public void opened(Lease lease) {}

    @Override
    public void ended(Collection<Lease> leases) {}

    @Override
    public void revoking(Lease lease) {}

    @Override
    public void revoked(Lease lease) {}

    @Override
    public void reopening() {}

    @Override
    public void settled(Collection<Lease> all) {}
}
