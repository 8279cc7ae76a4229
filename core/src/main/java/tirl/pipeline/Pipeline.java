package tirl.pipeline;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import tirl.config.Config;
import tirl.door.Door;
import tirl.door.ServicePort;
import tirl.event.Event;
import tirl.event.EventSink;
import tirl.grant.Firewall;
import tirl.grant.FirewallException;
import tirl.grant.GrantRequest;
import tirl.grant.Lease;
import tirl.grant.LeaseBook;
import tirl.grant.LeaseLedger;
import tirl.grant.Opening;
import tirl.grant.Policy;
import tirl.grant.Reconciliation;
import tirl.grant.TimedOpening;
import tirl.grant.UnwrittenLeases;
import tirl.grant.Verdict;
import tirl.packet.Address;
import tirl.packet.Packet;
import tirl.recognise.Recogniser;
import tirl.recognise.Recognition;
import tirl.recognise.RecognitionSink;
import tirl.ruleset.GuardRuleset;

/**
 * The life of one knock: packet, recogniser, policy, lease, kernel, event. Only the decision thread calls it, so there
 * are no locks; times are a monotonic clock in nanoseconds.
 */
public final class Pipeline {
    private final LeaseBook book = new LeaseBook();
    private final Firewall firewall;
    private final LeaseLedger ledger;
    private final EventSink events;
    private final Cuts cuts;
    private Recogniser recogniser;
    private Policy policy;
    private Optional<Trial> trial = Optional.empty();
    private final RecognitionSink sink = this::recognised;
    private long nowNs;
    private long packets;
    private long advanced;
    private long rejected;
    private long opened;
    private long denied;

    public Pipeline(Recogniser recogniser, Policy policy, Firewall firewall, EventSink events) {
        this(recogniser, policy, firewall, new UnwrittenLeases(), events);
    }

    public Pipeline(Recogniser recogniser, Policy policy, Firewall firewall, LeaseLedger ledger, EventSink events) {
        this.recogniser = recogniser;
        this.policy = policy;
        this.firewall = firewall;
        this.ledger = ledger;
        this.events = events;
        cuts = new Cuts(firewall, events);
    }

    /** Puts the rules in place and takes over the leases of a daemon before this one, from the kernel and the ledger. */
    public void start(Config config, long now) throws FirewallException {
        LeaseLedger.Kept kept = ledger.kept(now);
        boolean again = kept.reopening() || !firewall.isInstalled();
        if (again && !kept.live().isEmpty()) {
            ledger.reopening();
        }
        firewall.install(GuardRuleset.of(config).withNat(leadElsewhere(kept.live())));
        cuts.use(config);
        Reconciliation change = Reconciliation.fill(book, firewall.openings(), kept, again, now);
        if (!change.open().isEmpty()) {
            firewall.open(change.open());
        }
        if (!change.shut().isEmpty()) {
            firewall.close(change.shut());
        }
        ledger.settled(book.all());
        for (Lease lease : kept.revoking()) {
            events.accept(new Event.Revoked(lease.id(), lease.source(), lease.label(), lease.ports()));
        }
    }

    /** Puts back rules and live leases that somebody took away. */
    public void restore(Config config, long now) throws FirewallException {
        ledger.reopening();
        install(config, trial, now);
        List<TimedOpening> openings = new ArrayList<>();
        for (Lease lease : book.all()) {
            openings.addAll(book.openings(lease.source(), lease.ports(), now));
        }
        firewall.open(openings);
        ledger.settled(book.all());
    }

    /** To be called before the rules are taken away for good: no lease is to come back at the next start. */
    public void forget() {
        ledger.settled(List.of());
    }

    /** Goes over to a new configuration. When the kernel refuses it, the old one stays in force. */
    public void reload(Config config, Recogniser newRecogniser) throws FirewallException {
        reload(config, newRecogniser, Optional.empty(), nowNs);
    }

    /**
     * The same on trial: unless it is called again before the end, the kernel goes back by itself. Without a trial, this
     * confirms or ends one.
     */
    public void reload(Config config, Recogniser newRecogniser, Optional<Trial> onTrial, long now)
            throws FirewallException {
        install(config, onTrial, now);
        trial = onTrial;
        cuts.use(config);
        recogniser = newRecogniser;
        policy = new Policy(config.limits());
    }

    private void install(Config config, Optional<Trial> onTrial, long now) throws FirewallException {
        boolean nat = leadElsewhere(book.all());
        if (onTrial.isPresent()) {
            onTrial.get().install(config, firewall, nat, now);
        } else {
            firewall.install(GuardRuleset.of(config).withNat(nat));
        }
    }

    /** Such leases outlive the configuration that allowed them. */
    private static boolean leadElsewhere(Collection<Lease> leases) {
        return leases.stream().anyMatch(lease -> lease.nat().isPresent());
    }

    /** One packet that arrived for this host. */
    public void on(Packet packet, long now) {
        nowNs = now;
        packets++;
        recogniser.on(packet, now, sink);
    }

    /** What time alone changes; to be called about once a second and when {@link #nextExpiryNs} says so. */
    public void tick(long now) {
        nowNs = now;
        recogniser.expire(now, sink);
        // nftables has ended them by itself; telling, and forgetting cut connections, is all that is left to do.
        List<Lease> ended = book.expire(now);
        for (Lease lease : ended) {
            events.accept(new Event.Expired(lease.id(), lease.source(), lease.label(), lease.ports()));
        }
        if (!ended.isEmpty()) {
            firewall.expired(uncovered(ended, now));
            ledger.ended(ended);
        }
        cuts.expired(ended, book, now);
    }

    private List<Opening> uncovered(List<Lease> ended, long now) {
        List<Opening> over = new ArrayList<>();
        for (Lease lease : ended) {
            for (ServicePort port : lease.ports()) {
                if (book.openings(lease.source(), List.of(port), now).isEmpty()) {
                    over.add(new Opening(lease.source(), port));
                }
            }
        }
        return over;
    }

    public Optional<Long> nextExpiryNs() {
        return book.nextExpiryNs();
    }

    /** How many there are, without a list of them. */
    public int leaseCount() {
        return book.size();
    }

    public List<Lease> leases() {
        return List.copyOf(book.all());
    }

    /** Those with a label {@code holder/...}: a device's. */
    public List<Lease> leasesOf(String holder) {
        return book.heldBy(holder);
    }

    /** Those for this source. */
    public List<Lease> leasesOf(Address source) {
        return book.of(source);
    }

    public int halfDone() {
        return recogniser.halfDone();
    }

    public Counters counters() {
        return new Counters(packets, advanced, rejected, opened, denied);
    }

    private void recognised(long sourceHigh, long sourceLow, Recognition recognition) {
        if (recognition instanceof Recognition.Recognised(var door)) {
            request(door, new Address(sourceHigh, sourceLow));
            return;
        }
        if (recognition instanceof Recognition.Rejected) {
            rejected++;
        } else {
            advanced++;
        }
        // Asked in one place: the JVM compiles each place for the listeners that it has seen there, and rejections are
        // rare until a flood.
        if (events.wantsProgress()) {
            tell(new Address(sourceHigh, sourceLow), recognition);
        }
    }

    private void tell(Address source, Recognition progress) {
        switch (progress) {
            case Recognition.Advanced(var doors, var stage) -> events.accept(new Event.Advanced(source, doors, stage));
            case Recognition.Rejected(var doors, var stage, var reason) ->
                events.accept(new Event.Rejected(source, doors, stage, reason.text()));
            case Recognition.Recognised _ -> throw new IllegalStateException("a whole sequence is no progress");
        }
    }

    private void request(Door door, Address source) {
        List<ServicePort> ports = door.opens().stream()
                .flatMap(service -> service.ports().stream())
                .distinct()
                .toList();
        grant(new GrantRequest(source, door.name(), ports, door.lease()), nowNs);
    }

    /** Opens what is asked for if the policy lets it; every outcome becomes an event. */
    public Optional<Lease> grant(GrantRequest request, long now) {
        Optional<String> refusal = ledger.refusal(request);
        if (refusal.isPresent()) {
            return deny(request, refusal.get());
        }
        return switch (policy.decide(request, book)) {
            case Verdict.Granted(var granted) -> open(granted, now);
            case Verdict.Denied(var why) -> deny(request, why);
        };
    }

    /** Makes a lease of what is open already: the policy is not asked any more. */
    Optional<Lease> takeOver(GrantRequest request, long now) {
        return open(request, now);
    }

    private Optional<Lease> open(GrantRequest request, long now) {
        Optional<Lease> before = book.find(request.source(), request.label());
        Lease lease = book.draft(request, now);
        book.put(lease);
        try {
            firewall.open(book.openings(lease.source(), lease.ports(), now));
        } catch (FirewallException e) {
            book.remove(lease.id());
            before.ifPresent(book::put);
            return deny(request, e.reason());
        }
        // After the kernel: its element is a record by itself, so nobody has to wait for this one.
        ledger.opened(lease);
        opened++;
        events.accept(
                before.isPresent()
                        ? new Event.Extended(lease.id(), lease.source(), lease.label(), lease.ports(), lease.left(now))
                        : new Event.Opened(lease.id(), lease.source(), lease.label(), lease.ports(), lease.left(now)));
        return Optional.of(lease);
    }

    private Optional<Lease> deny(GrantRequest request, String why) {
        denied++;
        events.accept(new Event.Denied(request.source(), request.label(), why));
        return Optional.empty();
    }

    /** Takes a lease back; its connections go on, but for those to services with cut. */
    public void revoke(Lease lease, long now) throws FirewallException {
        var _ = revoke(lease, now, false);
    }

    /** Tells of connections that were cut meanwhile; cheap when there are none. */
    public void collectCuts() {
        cuts.collect();
    }

    /**
     * Takes a lease back; ports that another lease of the source covers stay open for that one.
     *
     * @param cut whether to end the connections to the ports that are shut by this, whatever their service says
     * @return how many connections were ended, once that is known
     */
    public CompletableFuture<Integer> revoke(Lease lease, long now, boolean cut) throws FirewallException {
        book.remove(lease.id());
        List<TimedOpening> stillCovered = book.openings(lease.source(), lease.ports(), now);
        List<Opening> shut = new ArrayList<>();
        for (ServicePort port : lease.ports()) {
            Opening opening = new Opening(lease.source(), port);
            if (stillCovered.stream().noneMatch(timed -> timed.opening().equals(opening))) {
                shut.add(opening);
            }
        }
        ledger.revoking(lease);
        try {
            firewall.close(shut);
            if (!stillCovered.isEmpty()) {
                firewall.open(stillCovered);
            }
        } catch (FirewallException e) {
            book.put(lease);
            ledger.opened(lease);
            throw e;
        }
        ledger.revoked(lease);
        events.accept(new Event.Revoked(lease.id(), lease.source(), lease.label(), lease.ports()));
        return cuts.revoked(lease, shut, cut);
    }
}
