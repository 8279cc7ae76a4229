package tirl.daemon.practice;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import tirl.grant.GrantRequest;
import tirl.grant.Lease;
import tirl.grant.LeaseLedger;

/** A ledger that forgets. */
class Unwritten implements LeaseLedger {
    @Override
    public Kept kept(long nowNs) {
        return new Kept(List.of(), List.of(), false);
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

    @Override
    public Optional<String> refusal(GrantRequest request) {
        return Optional.empty();
    }
}
