package tirl.grant;

import java.util.Collections;
import java.util.Optional;
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
        Optional<Lease> elsewhere = book.of(source).stream()
                .filter(lease ->
                        !lease.nat().equals(request.nat()) && !Collections.disjoint(lease.ports(), request.ports()))
                .findFirst();
        if (elsewhere.isPresent()) {
            return new Verdict.Denied(leads(elsewhere.get()));
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

    /** A port of one source leads to one place, and nobody is sent elsewhere than where his lease says. */
    private static String leads(Lease lease) {
        return "of " + lease.source() + ", " + lease.ports().getFirst() + " leads to "
                + lease.nat().map(Nat::destination).orElse("this host") + " until lease " + lease.id()
                + " ends, and cannot lead elsewhere too";
    }
}
