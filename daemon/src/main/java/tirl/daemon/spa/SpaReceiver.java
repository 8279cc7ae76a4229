package tirl.daemon.spa;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tirl.config.Config;
import tirl.device.Catalogue;
import tirl.device.Device;
import tirl.device.DeviceLabel;
import tirl.device.DevicePolicy;
import tirl.device.DeviceUse;
import tirl.device.DeviceVerdict;
import tirl.event.Event;
import tirl.event.EventSink;
import tirl.grant.FirewallException;
import tirl.grant.GrantRequest;
import tirl.grant.Lease;
import tirl.packet.Address;
import tirl.packet.Packet;
import tirl.packet.Transport;
import tirl.pipeline.Pipeline;
import tirl.spa.Body;
import tirl.spa.Decision;
import tirl.spa.gate.Admission;
import tirl.spa.gate.Look;

/**
 * From an SPA packet to leases. Nothing closes or is answered before it is on disk that the packet was used, and nothing opens
 * but what a restart would refuse without the disk; nobody waits for that, and packets that come meanwhile are decided as if
 * what waits were open already. Decision thread only.
 */
public final class SpaReceiver {
    private final DeviceRegister register;
    private final KeyAgreements agreements;
    private final ClaimWriter claims;
    private final Pipeline pipeline;
    private final EventSink events;
    private final Answers answers;
    private final SpaClock clock;
    /** Granted, but not on disk yet. */
    private final List<Lease> underWay = new ArrayList<>();

    private Catalogue services = new Catalogue(List.of());
    private int firstPort;
    private int lastPort;
    private boolean icmp;
    private long denied;

    /** Deaf until {@link #follow}. */
    public SpaReceiver(
            DeviceRegister register,
            KeyAgreements agreements,
            ClaimWriter claims,
            Pipeline pipeline,
            EventSink events,
            Answers answers,
            SpaClock clock) {
        this.register = register;
        this.agreements = agreements;
        this.claims = claims;
        this.pipeline = pipeline;
        this.events = events;
        this.answers = answers;
        this.clock = clock;
        deafen();
    }

    /** Listens where this configuration says; nowhere when it does not. What the gate knows stays. */
    public void follow(Config config) {
        services = new Catalogue(config.services());
        config.spa().ifPresentOrElse(this::hear, this::deafen);
    }

    private void hear(Config.Spa spa) {
        firstPort = spa.ports().first();
        lastPort = spa.ports().last();
        icmp = spa.icmp();
        register.gate().skewMs(spa.skew().toMillis());
    }

    private void deafen() {
        firstPort = Integer.MAX_VALUE;
        lastPort = 0;
        icmp = false;
    }

    /** Looks at a packet that arrived for this host. What is not for SPA, and garbage that is, costs no allocation. */
    public void on(Packet packet, long nowNs) {
        if (!isCarrier(packet)) {
            return;
        }
        Optional<Look> look = register.gate().look(packet, nowNs);
        if (look.isPresent()) {
            take(look.get(), packet);
        }
    }

    private void take(Look look, Packet packet) {
        switch (look) {
            case Look.Refused(var refused) -> tell(refused);
            case Look.Agreement agreement -> {
                Consumer<byte[]> wayBack = answers.wayBack(packet);
                boolean begun = agreements.begin(
                        agreement,
                        result -> take(
                                register.gate()
                                        .finish(agreement, result, clock.wall().millis()),
                                wayBack));
                if (!begun) {
                    tell(register.gate().drop(agreement));
                }
            }
        }
    }

    private boolean isCarrier(Packet packet) {
        int port = packet.destinationPort();
        return (packet.transport() == Transport.UDP && port >= firstPort && port <= lastPort)
                || (icmp && packet.isEchoRequest());
    }

    private void take(Admission admission, Consumer<byte[]> wayBack) {
        switch (admission) {
            case Admission.Admitted admitted -> take(admitted, answers.to(wayBack, admitted));
            case Admission.Untimely untimely -> {
                // Authentic, so there is a person who will ask the log why nothing opened.
                deny(
                        untimely.source(),
                        untimely.peer().name(),
                        untimely.reason().text());
                Decision told = switch (untimely.reason()) {
                    case STALE -> Decision.TOO_OLD;
                    case FUTURE -> Decision.FROM_THE_FUTURE;
                    default -> Decision.BEFORE_START;
                };
                answers.to(wayBack, untimely).give(told, 0, clock.wall().millis());
            }
            case Admission.Refused refused -> tell(refused);
        }
    }

    private void tell(Admission.Refused refused) {
        if (events.wantsProgress()) {
            events.accept(new Event.Rejected(
                    refused.source(),
                    List.of(refused.peer().name()),
                    0,
                    refused.reason().text()));
        }
    }

    private void take(Admission.Admitted admitted, PendingAnswer answer) {
        Request request = new Request(admitted, answer);
        switch (admitted.body()) {
            case Body.Open open -> open(request, open);
            case Body.Close close -> close(request, close);
            case Body.Register body ->
                rekey(
                        request,
                        () -> register.register(admitted.number(), body.device()),
                        new Event.Enrolled(admitted.source(), admitted.peer().name()));
            case Body.Rotate body ->
                rekey(
                        request,
                        () -> register.rotate(admitted.number(), body.device()),
                        new Event.Rekeyed(admitted.source(), admitted.peer().name()));
        }
    }

    private record Request(Admission.Admitted admitted, PendingAnswer answer) {
        int number() {
            return admitted.number();
        }

        Address source() {
            return admitted.source();
        }

        String name() {
            return admitted.peer().name();
        }

        boolean rehearses() {
            return admitted.body().header().rehearse();
        }
    }

    private void open(Request request, Body.Open open) {
        Optional<Device> device = register.device(request.number());
        if (device.isEmpty()) {
            request.answer().drop();
            return;
        }
        DeviceUse use = register.use(request.number());
        switch (DevicePolicy.decide(device.get(), use, open, request.source(), situation(device.get()))) {
            case DeviceVerdict.Denied(var why) ->
                claim(request, use, () -> {
                    deny(request.source(), request.name(), why.text());
                    answer(request, why, 0);
                });
            case DeviceVerdict.Granted(var requests, var after) -> {
                if (request.rehearses()) {
                    claim(
                            request,
                            use,
                            () -> answer(
                                    request,
                                    Decision.REHEARSED,
                                    least(requests.stream().map(GrantRequest::duration))));
                } else if (mayOpenFirst(request, device.get())) {
                    grantFirst(request, requests, after);
                } else {
                    grant(request, requests, after);
                }
            }
        }
    }

    /**
     * Whether nothing is lost if the daemon, or its host, dies before the claim is on disk: the boot floor then refuses the
     * packet as it was made before the start, and the device has nothing else that can be used up (decision 0034). One at
     * a time, and none while the disk is in trouble.
     */
    private boolean mayOpenFirst(Request request, Device device) {
        return claims.isIdle()
                && request.admitted().body().header().timeMs() <= clock.wall().millis()
                && device.rules().uses().isEmpty()
                && device.rules().code().isEmpty();
    }

    private void grantFirst(Request request, List<GrantRequest> requests, DeviceUse after) {
        Claim claim = register.admitted(request.number(), after);
        long nowNs = clock.nanoTime().getAsLong();
        List<Lease> opened = open(requests, nowNs);
        claims.write(claim.andThen(() -> answer(request, requests, opened, nowNs)), reason -> {
            List<Lease> live = pipeline.leasesOf(request.name());
            boolean _ = revoke(opened.stream().filter(live::contains).toList());
            fail(request, "it could not be written down: " + reason);
        });
    }

    private void grant(Request request, List<GrantRequest> requests, DeviceUse after) {
        List<Lease> waiting = requests.stream()
                .map(each -> new Lease(
                        0,
                        each.source(),
                        each.label(),
                        each.ports(),
                        clock.nanoTime().getAsLong() + each.duration().toNanos()))
                .toList();
        underWay.addAll(waiting);
        Claim claim = register.admitted(request.number(), after).andThen(() -> {
            waiting.forEach(underWay::remove);
            grant(request, requests);
        });
        claims.write(claim, reason -> {
            waiting.forEach(underWay::remove);
            fail(request, "it could not be written down: " + reason);
        });
    }

    private void grant(Request request, List<GrantRequest> requests) {
        // Revoked while the disk was busy.
        if (register.device(request.number()).isEmpty()) {
            request.answer().drop();
            return;
        }
        long nowNs = clock.nanoTime().getAsLong();
        answer(request, requests, open(requests, nowNs), nowNs);
    }

    private List<Lease> open(List<GrantRequest> requests, long nowNs) {
        return requests.stream()
                .map(each -> pipeline.grant(each, nowNs))
                .flatMap(Optional::stream)
                .toList();
    }

    private void answer(Request request, List<GrantRequest> requests, List<Lease> opened, long nowNs) {
        boolean all = opened.size() == requests.size();
        answer(
                request,
                all ? Decision.GRANTED : Decision.SERVER_FAILED,
                all ? least(opened.stream().map(lease -> lease.left(nowNs))) : 0);
    }

    private void close(Request request, Body.Close close) {
        if (register.device(request.number()).isEmpty()) {
            request.answer().drop();
            return;
        }
        claim(request, register.use(request.number()), () -> {
            if (request.rehearses()) {
                answer(request, Decision.REHEARSED, 0);
                return;
            }
            // Only now: what it wants closed may have been under way when it came.
            List<Lease> over = register.device(request.number())
                    .map(device -> DevicePolicy.closed(device, close, request.source(), situation(device)))
                    .orElse(List.of());
            answer(request, revoke(over) ? Decision.CLOSED : Decision.SERVER_FAILED, 0);
        });
    }

    private boolean revoke(List<Lease> leases) {
        boolean done = true;
        for (Lease lease : leases) {
            try {
                pipeline.revoke(lease, clock.nanoTime().getAsLong());
            } catch (FirewallException e) {
                deny(lease.source(), lease.label(), "it stays open, the kernel did not take it back: " + e.reason());
                done = false;
            }
        }
        return done;
    }

    /** An invitation is used, or a device takes another key. */
    private void rekey(Request request, Supplier<Optional<Claim>> change, Event done) {
        if (request.rehearses()) {
            answer(request, Decision.REHEARSED, 0);
            return;
        }
        Optional<Claim> claim = change.get();
        if (claim.isEmpty()) {
            fail(request, "the key that it sent cannot be used");
            return;
        }
        write(request, claim.get().andThen(() -> {
            events.accept(done);
            answer(request, Decision.REGISTERED, 0);
        }));
    }

    /** Its window, and what it has used up, go to disk before anything comes of it. */
    private void claim(Request request, DeviceUse after, Runnable then) {
        write(request, register.admitted(request.number(), after).andThen(then));
    }

    private void write(Request request, Claim claim) {
        claims.write(claim, reason -> fail(request, "it could not be written down: " + reason));
    }

    private void fail(Request request, String why) {
        deny(request.source(), request.name(), why);
        answer(request, Decision.SERVER_FAILED, 0);
    }

    private void deny(Address source, String device, String why) {
        denied++;
        events.accept(new Event.Denied(source, device, why));
    }

    private void answer(Request request, Decision decision, long seconds) {
        request.answer().give(decision, seconds, clock.wall().millis());
    }

    /** With the leases of the device only: the others, which may be many, are nothing to its policy. */
    private DevicePolicy.Situation situation(Device device) {
        List<Lease> leases = new ArrayList<>(pipeline.leasesOf(device.name()));
        underWay.stream()
                .filter(lease -> DeviceLabel.isOf(device.name(), lease.label()))
                .forEach(leases::add);
        return new DevicePolicy.Situation(
                services,
                leases,
                clock.nanoTime().getAsLong(),
                clock.wall().instant(),
                clock.zone().get());
    }

    private static long least(Stream<Duration> times) {
        return times.min(Comparator.naturalOrder()).map(Duration::toSeconds).orElse(0L);
    }

    /** Authentic requests that were denied. */
    public long denied() {
        return denied;
    }
}
