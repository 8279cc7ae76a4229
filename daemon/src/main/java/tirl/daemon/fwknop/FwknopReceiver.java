package tirl.daemon.fwknop;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tirl.config.Config.FwknopNat;
import tirl.daemon.hooks.DoorCommands;
import tirl.daemon.log.RateLimit;
import tirl.daemon.spa.Claim;
import tirl.daemon.spa.ClaimWriter;
import tirl.daemon.spa.SpaClock;
import tirl.daemon.store.Store;
import tirl.door.ServicePort;
import tirl.event.Event;
import tirl.event.EventSink;
import tirl.fwknop.access.CommandRules;
import tirl.fwknop.access.FwknopdConf;
import tirl.fwknop.access.FwknopdVariable;
import tirl.fwknop.access.Stanza;
import tirl.fwknop.gate.Action;
import tirl.fwknop.gate.Callers;
import tirl.fwknop.gate.Decision;
import tirl.fwknop.gate.Dismissal;
import tirl.fwknop.gate.FwknopGate;
import tirl.grant.FirewallException;
import tirl.grant.GrantRequest;
import tirl.grant.Lease;
import tirl.packet.Address;
import tirl.packet.Packet;
import tirl.pipeline.Pipeline;

/**
 * From a packet of a fwknop client to leases and commands. Nothing comes of it before it is on disk that the packet was used, but
 * leases that a restart would refuse without the disk; nobody waits for that. Decision thread only.
 */
public final class FwknopReceiver {
    /** The shortest and the longest that may be a packet; an HTTP request has a little more. */
    private static final int SHORTEST = 140;

    private static final int LONGEST = 1600;
    private static final long HOUR_S = 3600;
    private static final String USED = "this packet was used before";
    private static final String LOST =
            "made before the start, and the daemon before this one did not end in order: it may have been used";
    private static final String NOT_WRITTEN = "it could not be written down: ";

    private final Decider decider;
    private final Callers callers;
    private final ClaimWriter claims;
    private final Predecessor predecessor;
    private final Pipeline pipeline;
    private final EventSink events;
    private final Consumer<DoorCommands.Opening> commands;
    private final SpaClock clock;
    private final RecentPackets recent = new RecentPackets();
    private final RateLimit replayLines;
    private @Nullable FwknopGate gate;
    private NatRequests nats = new NatRequests(List.of(), FwknopNat.NONE);
    private Optional<String> sudo = Optional.empty();
    private long mostAgeS = -1;
    private long prunedS = Long.MIN_VALUE / 2;
    private long granted;
    private long denied;
    private long replays;
    private long held;

    /**
     * Deaf until {@link #hear}.
     *
     * @param decider decides packets elsewhere
     * @param commands runs what clients may run
     */
    FwknopReceiver(
            Decider decider,
            Callers callers,
            ClaimWriter claims,
            Predecessor predecessor,
            Pipeline pipeline,
            EventSink events,
            Consumer<DoorCommands.Opening> commands,
            SpaClock clock) {
        this.decider = decider;
        this.callers = callers;
        this.claims = claims;
        this.pipeline = pipeline;
        this.events = events;
        this.commands = commands;
        this.clock = clock;
        this.predecessor = predecessor;
        replayLines = new RateLimit(1, clock.nanoTime().getAsLong());
    }

    /** From now on packets are decided by these files; what was used stays used. */
    public void hear(FwknopGate fresh, FwknopdConf conf, NatRequests elsewhere) {
        gate = fresh;
        nats = elsewhere;
        sudo = conf.text(FwknopdVariable.SUDO_EXE);
        mostAgeS = conf.mostAgeSeconds().orElse(-1);
    }

    /** Takes nothing more. */
    public void deafen() {
        gate = null;
    }

    /** Looks at a packet that arrived for this host. What does not begin like one of fwknop's costs no allocation. */
    public void on(Packet packet) {
        int length = packet.payloadLength();
        if (gate != null
                && length >= SHORTEST
                && length <= LONGEST
                && length == packet.payloadCaptured()
                && gate.maybe(packet.payloadLong(0))) {
            take(packet.payload(), packet.source(), packet.destination());
        }
    }

    void take(byte[] payload, Address source, Address destination) {
        FwknopGate now = gate;
        if (now == null) {
            return;
        }
        boolean known = callers.isKnown(source);
        if (!known && !callers.admits(source, clock.nanoTime().getAsLong())) {
            held++;
            return;
        }
        decider.begin(new Asked(now, payload, source, destination, nowS()), known, decision -> {
            // Decided by files that are not in force any more: once more.
            if (gate == now) {
                take(decision, source);
            } else {
                take(payload, source, destination);
            }
        });
    }

    private void take(Decision decision, Address source) {
        switch (decision) {
            case Decision.Ignored _ -> {}
            case Decision.Denied no -> {
                Asker asker = new Asker(source, label(no.stanza()));
                take(no.identity(), no.message().timeSeconds(), asker, Optional.empty(), () -> {
                    deny(asker, no.why().text());
                    return List.of();
                });
            }
            case Decision.Granted yes -> {
                Asker asker = new Asker(source, label(yes.stanza()));
                take(
                        yes.identity(),
                        yes.message().timeSeconds(),
                        asker,
                        Optional.of(yes.action()),
                        () -> act(yes.action(), asker));
            }
        }
    }

    /** Who asks: the packet's source, and the stanza that takes it. */
    private record Asker(Address source, String label) {}

    /** No name of a device or a door has a colon. */
    private static String label(Stanza stanza) {
        return "fwknop:" + Path.of(stanza.file()).getFileName() + ":" + stanza.line();
    }

    private void take(
            Decision.Identity identity,
            long madeS,
            Asker asker,
            Optional<Action> action,
            Supplier<List<Lease>> effect) {
        predecessor.ask(claims);
        if (!recent.add(identity.digests(), madeS)) {
            replay(asker, USED);
            return;
        }
        AtomicBoolean isNew = new AtomicBoolean();
        Store.Work<?> durable = session -> {
            isNew.set(SeenPackets.isNew(session, identity.digests(), madeS));
            return isNew;
        };
        // Just before a power cut or a SIGKILL, that is, and the disk need not know.
        boolean lost = predecessor.mayHaveTaken(madeS);
        if (!lost && action.isPresent() && mayComeFirst(action.get(), madeS)) {
            callers.sentRightOne(asker.source());
            List<Lease> opened = effect.get();
            // What is not written stays in memory: it was used.
            claims.write(new Claim(durable, () -> {}), reason -> {
                takeBack(opened, asker);
                deny(asker, NOT_WRITTEN + reason);
            });
        } else {
            Runnable then = () -> {
                if (isNew.get() && lost) {
                    replay(asker, LOST);
                } else if (isNew.get()) {
                    // Not before: whoever recorded one is no better known for it.
                    callers.sentRightOne(asker.source());
                    var _ = effect.get();
                } else {
                    replay(asker, USED);
                }
            };
            claims.write(
                    new Claim(durable, then, () -> recent.remove(identity.digests())),
                    reason -> deny(asker, NOT_WRITTEN + reason));
        }
        prune();
    }

    /**
     * Whether nothing is lost if the daemon, or its host, dies before the claim is on disk: it only opens, {@link Predecessor}
     * then has it refused, and no packet that only the disk knows can be this one (decision 0034). One at a time, and none while
     * the disk is in trouble.
     */
    private boolean mayComeFirst(Action action, long madeS) {
        boolean opens = switch (action) {
            case Action.Open _, Action.Forwarding _, Action.LocalNat _ -> true;
            case Action.ForwardAll _, Action.Run _, Action.Cycle _ -> false;
        };
        return opens
                && mostAgeS >= 0
                && madeS <= nowS()
                && predecessor.wasOverBefore(madeS, mostAgeS)
                && recent.knowsAllOf(madeS)
                && claims.isIdle();
    }

    private void takeBack(List<Lease> opened, Asker asker) {
        for (Lease lease : opened) {
            if (pipeline.leasesOf(lease.source()).contains(lease)) {
                try {
                    pipeline.revoke(lease, clock.nanoTime().getAsLong());
                } catch (FirewallException e) {
                    deny(asker, "it stays open, the kernel did not take it back: " + e.reason());
                }
            }
        }
    }

    /** While the age of packets is looked at. */
    private void prune() {
        long nowS = nowS();
        long ageS = mostAgeS;
        if (ageS >= 0 && nowS - prunedS >= HOUR_S) {
            prunedS = nowS;
            claims.write(
                    new Claim(
                            session -> {
                                SeenPackets.prune(session, nowS, ageS);
                                return true;
                            },
                            () -> {}),
                    _ -> {});
        }
    }

    /** Anybody can record a packet and send it as often as he likes. */
    private void replay(Asker asker, String why) {
        replays++;
        if (replayLines.admits(clock.nanoTime().getAsLong())) {
            long more = replayLines.takeHeldBack();
            events.accept(new Event.Denied(
                    asker.source(), asker.label(), why + (more == 0 ? "" : "; and " + more + " more that were")));
        }
    }

    /** The leases that came of it. */
    private List<Lease> act(Action action, Asker asker) {
        switch (action) {
            case Action.Open(var client, var ports, var seconds) -> {
                return ports.stream()
                        .flatMap(port -> open(client, port, seconds, asker).stream())
                        .toList();
            }
            case Action.Forwarding request -> {
                return lead(nats.forwarding(request), asker).stream().toList();
            }
            case Action.LocalNat request -> {
                return lead(nats.local(request), asker).stream().toList();
            }
            case Action.ForwardAll _ -> deny(asker, NatRequests.FORWARD_ALL);
            case Action.Run(var words, var rules, var seconds) -> {
                granted++;
                run(asker.source(), asker.label(), text(words, rules, seconds), Optional.empty(), 0);
            }
            case Action.Cycle(var client, var open, var close, var rules, var seconds) -> {
                granted++;
                run(client, asker.label(), text(open, rules, 0), close.map(words -> text(words, rules, 0)), seconds);
            }
        }
        return List.of();
    }

    private Optional<Lease> open(Address client, ServicePort port, int seconds, Asker asker) {
        return lead(new NatRequests.Answer.Wanted(client, port, Optional.empty(), Duration.ofSeconds(seconds)), asker);
    }

    private Optional<Lease> lead(NatRequests.Answer answer, Asker asker) {
        return switch (answer) {
            case NatRequests.Answer.Refused(var why) -> {
                deny(asker, why);
                yield Optional.empty();
            }
            case NatRequests.Answer.Wanted(var client, var port, var nat, var time) -> {
                // A label for each port: a lease of one does not end or replace that of another.
                String label = asker.label() + "/" + port
                        + nat.map(to -> ">" + to.destination()).orElse("");
                yield lease(new GrantRequest(client, label, List.of(port), time, nat), asker);
            }
        };
    }

    /** Who asks anew where a port is to lead means the last place; what another stanza gave stays. */
    private Optional<Lease> lease(GrantRequest request, Asker asker) {
        long nowNs = clock.nanoTime().getAsLong();
        List<Lease> before = pipeline.leasesOf(request.source()).stream()
                .filter(lease -> lease.label().startsWith(asker.label() + "/")
                        && lease.ports().equals(request.ports())
                        && !lease.nat().equals(request.nat()))
                .toList();
        try {
            for (Lease lease : before) {
                pipeline.revoke(lease, nowNs);
            }
        } catch (FirewallException e) {
            deny(asker, "the port leads elsewhere, and the kernel did not take that back: " + e.reason());
            return Optional.empty();
        }
        Optional<Lease> opened = pipeline.grant(request, nowNs);
        granted += opened.isPresent() ? 1 : 0;
        return opened;
    }

    private String text(List<String> words, CommandRules rules, int seconds) {
        return CommandText.of(words, rules, sudo, seconds);
    }

    private void run(Address client, String label, String start, Optional<String> stop, int seconds) {
        commands.accept(new DoorCommands.Opening(label, client, Optional.of(start), stop, Duration.ofSeconds(seconds)));
    }

    private void deny(Asker asker, String why) {
        denied++;
        events.accept(new Event.Denied(asker.source(), asker.label(), why));
    }

    private long nowS() {
        return Math.floorDiv(clock.wall().millis(), 1000);
    }

    /** Requests of clients with keys so far, and packets that were used before. */
    public record Counts(long granted, long denied, long replays) {}

    public Counts counts() {
        return new Counts(granted, denied, replays);
    }

    /** Packets that nobody looked at, as their source had sent too many. */
    public long held() {
        return held;
    }

    /** Packets that were nobody's since the files were read. */
    public long dismissed(Dismissal why) {
        FwknopGate now = gate;
        return now == null ? 0 : now.count(why);
    }
}
