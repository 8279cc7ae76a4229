package tirl.grant;

import tirl.config.Config.Limits;
import tirl.packet.Address;

/** Decides whether a request is granted: a pure function of the request and what is open already. */
public final class Policy {
    private final Limits limits;

    public Policy(Limits limits) {
        this.limits = limits;
    }

    /** An extension of a live lease needs no room and is always granted. */
    public Verdict decide(GrantRequest request, LeaseBook book) {
        Address source = request.source();
        if (source.isMulticast() || source.isUnspecified()) {
            return new Verdict.Denied(source + " cannot be the address of a client");
        }
        if (book.find(source, request.label()).isPresent()) {
            return new Verdict.Granted(request);
        }
        if (book.size() >= limits.leases()) {
            return new Verdict.Denied("all " + limits.leases() + " leases of this host are taken (limits.leases)");
        }
        if (book.of(source).size() >= limits.leasesPerSource()) {
            return new Verdict.Denied(
                    source + " has " + limits.leasesPerSource() + " leases already (limits.leases-per-source)");
        }
        return new Verdict.Granted(request);
    }
}
