package tirl.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tirl.config.Config;
import tirl.config.Config.Limits;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.event.Event;
import tirl.event.EventSink;
import tirl.grant.FirewallException;
import tirl.grant.GrantRequest;
import tirl.grant.Lease;
import tirl.grant.Nat;
import tirl.grant.Opening;
import tirl.grant.Policy;
import tirl.grant.TimedOpening;
import tirl.packet.Address;
import tirl.packet.Transport;
import tirl.recognise.Doors;
import tirl.recognise.Frames;
import tirl.recognise.SequenceRecogniser;

class PipelineTest {
    private static final long S = 1_000_000_000L;
    private static final Address ALICE = Address.parse("10.0.0.2").orElseThrow();
    private static final Address BOB = Address.parse("fd00::2").orElseThrow();
    private static final ServicePort SSH = new ServicePort(Transport.TCP, 22);
    private static final ServicePort WEB = new ServicePort(Transport.TCP, 80);

    private final FakeFirewall firewall = new FakeFirewall();
    private final List<Event> events = new ArrayList<>();
    private final Frames frames = new Frames();
    private Pipeline pipeline = pipeline(Limits.DEFAULT);

    private Pipeline pipeline(Limits limits) {
        Config config = Doors.config(List.of(Doors.door("ops", "tcp/7000 tcp/9000 tcp/8000")), limits);
        return new Pipeline(new SequenceRecogniser(config, 1), new Policy(config.limits()), firewall, new EventSink() {
            @Override
            public boolean wantsProgress() {
                return false;
            }

            @Override
            public void accept(Event event) {
                events.add(event);
            }
        });
    }

    private void knock(Address source, long nowNs) {
        for (String knock : List.of("tcp/7000", "tcp/9000", "tcp/8000")) {
            pipeline.on(frames.packet(source, knock), nowNs);
        }
    }

    private Duration left(Address source, ServicePort port) {
        TimedOpening timed = firewall.open.get(new Opening(source, port));
        return timed == null ? Duration.ZERO : timed.left();
    }

    @Test
    void on_rightKnock_opensForTheSourceOnly() {
        knock(ALICE, 0);
        assertThat(firewall.open).containsOnlyKeys(new Opening(ALICE, SSH));
        assertThat(left(ALICE, SSH)).isEqualTo(Duration.ofSeconds(30));
        assertThat(events).containsExactly(new Event.Opened(1, ALICE, "ops", List.of(SSH), Duration.ofSeconds(30)));
    }

    @Test
    void on_secondKnock_extendsTheSameLease() {
        knock(ALICE, 0);
        knock(ALICE, 10 * S);
        assertThat(pipeline.leases())
                .singleElement()
                .extracting(Lease::expiresNs)
                .isEqualTo(40 * S);
        assertThat(events.getLast()).isInstanceOf(Event.Extended.class);
    }

    @Test
    void grant_shorterThanTheLiveLease_doesNotShortenIt() {
        pipeline.grant(new GrantRequest(ALICE, "x", List.of(SSH), Duration.ofSeconds(60)), 0);
        pipeline.grant(new GrantRequest(ALICE, "x", List.of(SSH), Duration.ofSeconds(5)), 0);
        assertThat(left(ALICE, SSH)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void tick_atTheEnd_tellsOnceAndForgets() {
        knock(ALICE, 0);
        knock(ALICE, 10 * S);
        pipeline.tick(39 * S);
        assertThat(pipeline.leases()).hasSize(1);
        assertThat(pipeline.leaseCount()).isEqualTo(1);
        pipeline.tick(40 * S);
        assertThat(pipeline.leases()).isEmpty();
        assertThat(pipeline.leaseCount()).isZero();
        pipeline.tick(41 * S);
        assertThat(events).filteredOn(Event.Expired.class::isInstance).hasSize(1);
    }

    @Test
    void revoke_oneOfTwoLeasesOfASource_leavesWhatTheOtherCovers() throws FirewallException {
        Lease both = pipeline.grant(new GrantRequest(ALICE, "both", List.of(SSH, WEB), Duration.ofSeconds(60)), 0)
                .orElseThrow();
        pipeline.grant(new GrantRequest(ALICE, "ssh", List.of(SSH), Duration.ofSeconds(20)), 0);
        pipeline.revoke(both, 5 * S);
        assertThat(firewall.open).containsOnlyKeys(new Opening(ALICE, SSH));
        assertThat(left(ALICE, SSH)).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void grant_kernelRefuses_isDeniedAndLeavesNoLease() {
        firewall.refuses = true;
        knock(ALICE, 0);
        assertThat(pipeline.leases()).isEmpty();
        assertThat(events).containsExactly(new Event.Denied(ALICE, "ops", "the kernel said no"));
    }

    @Test
    void grant_kernelRefusesAnExtension_keepsTheLeaseAsItWas() {
        knock(ALICE, 0);
        firewall.refuses = true;
        knock(ALICE, 10 * S);
        assertThat(pipeline.leases())
                .singleElement()
                .extracting(Lease::expiresNs)
                .isEqualTo(30 * S);
    }

    @Test
    void revoke_kernelRefuses_keepsTheLease() {
        knock(ALICE, 0);
        firewall.refuses = true;
        Lease lease = pipeline.leases().getFirst();
        assertThatThrownBy(() -> pipeline.revoke(lease, S)).isInstanceOf(FirewallException.class);
        assertThat(pipeline.leases()).containsExactly(lease);
    }

    @Test
    void grant_beyondTheLimits_isDeniedWithTheLimitsName() {
        pipeline = pipeline(new Limits(16, 2, 1));
        knock(ALICE, 0);
        pipeline.grant(new GrantRequest(ALICE, "other", List.of(SSH), Duration.ofSeconds(1)), 0);
        knock(BOB, 0);
        knock(Address.ofIpv4(7), 0);
        assertThat(events)
                .filteredOn(Event.Denied.class::isInstance)
                .extracting(event -> ((Event.Denied) event).why())
                .satisfiesExactly(
                        why -> assertThat(why).contains("limits.leases-per-source"),
                        why -> assertThat(why).contains("limits.leases"));
        // A live lease is extended although there is no room for new ones.
        knock(BOB, S);
        assertThat(events.getLast()).isInstanceOf(Event.Extended.class);
    }

    @Test
    void grant_forAnAddressThatIsNoClients_isDenied() {
        for (String address : List.of("0.0.0.0", "224.0.0.1", "ff02::1", "::")) {
            GrantRequest request =
                    new GrantRequest(Address.parse(address).orElseThrow(), "x", List.of(SSH), Duration.ofSeconds(1));
            assertThat(pipeline.grant(request, 0)).isEmpty();
        }
        assertThat(firewall.open).isEmpty();
    }

    @Test
    void start_afterARestart_takesOverWhatTheKernelHolds() throws FirewallException {
        knock(ALICE, 0);
        pipeline.grant(new GrantRequest(BOB, "both", List.of(SSH, WEB), Duration.ofSeconds(60)), 0);
        pipeline = pipeline(Limits.DEFAULT);
        pipeline.start(Doors.config(List.of()), 100 * S);
        assertThat(pipeline.leases())
                .extracting(Lease::source, Lease::label, Lease::ports, Lease::expiresNs)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(ALICE, "ops", List.of(SSH), 130 * S),
                        org.assertj.core.groups.Tuple.tuple(BOB, "both", List.of(SSH, WEB), 160 * S));
        knock(ALICE, 110 * S);
        assertThat(events.getLast()).isInstanceOf(Event.Extended.class);
    }

    @Test
    void restore_afterTheTableWasTakenAway_putsRulesAndLeasesBack() throws FirewallException {
        knock(ALICE, 0);
        knock(BOB, 0);
        firewall.uninstall();
        pipeline.restore(Doors.config(List.of()), 10 * S);
        assertThat(firewall.installed).hasSize(1);
        assertThat(left(ALICE, SSH)).isEqualTo(Duration.ofSeconds(20));
        assertThat(left(BOB, SSH)).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void reload_kernelRefuses_keepsTheOldRecogniser() {
        firewall.refuses = true;
        Config none = Doors.config(List.of());
        assertThatThrownBy(() -> pipeline.reload(none, new SequenceRecogniser(none, 1)))
                .isInstanceOf(FirewallException.class);
        firewall.refuses = false;
        knock(ALICE, 0);
        assertThat(firewall.open).hasSize(1);
    }

    private void useCut() throws FirewallException {
        Config config = Doors.config(List.of(Doors.door("ops", "tcp/7000 tcp/9000 tcp/8000")), Limits.DEFAULT);
        Service ssh = new Service("ssh", List.of(SSH), true, List.of(), false);
        pipeline.start(config.withServices(List.of(ssh)), 0);
    }

    @Test
    void tick_leaseOfAServiceWithCut_cutsWhatIsLive_andTells() throws FirewallException {
        useCut();
        pipeline.grant(new GrantRequest(ALICE, "both", List.of(SSH, WEB), Duration.ofSeconds(5)), 0);
        firewall.connections.put(new Opening(ALICE, SSH), 2);
        pipeline.tick(6 * S);
        pipeline.collectCuts();
        assertThat(firewall.cut).containsExactly(new Opening(ALICE, SSH));
        assertThat(events.getLast()).isEqualTo(new Event.Cut(1, ALICE, "both", List.of(SSH), 2));
    }

    @Test
    void tick_portCoveredByAnotherLease_isCutWithTheLastOne() throws FirewallException {
        useCut();
        knock(ALICE, 0);
        pipeline.grant(new GrantRequest(ALICE, "short", List.of(SSH), Duration.ofSeconds(5)), 0);
        pipeline.tick(6 * S);
        assertThat(firewall.cut).isEmpty();
        pipeline.tick(31 * S);
        assertThat(firewall.cut).containsExactly(new Opening(ALICE, SSH));
    }

    @Test
    void tick_kernelRefusesTheCut_isTold() throws FirewallException {
        useCut();
        knock(ALICE, 0);
        firewall.refuses = true;
        pipeline.tick(31 * S);
        assertThat(events.getLast()).isEqualTo(new Event.NotCut(1, ALICE, "ops", List.of(SSH), "the kernel said no"));
    }

    @Test
    void revoke_withoutCut_cutsOnlyServicesThatWantIt() throws FirewallException {
        useCut();
        pipeline.grant(new GrantRequest(ALICE, "both", List.of(SSH, WEB), Duration.ofSeconds(5)), 0);
        pipeline.revoke(pipeline.leases().getFirst(), S);
        assertThat(firewall.cut).containsExactly(new Opening(ALICE, SSH));
    }

    /** What was led elsewhere by a configuration that is gone goes there after a flush too, and never here. */
    @Test
    void restore_leasesThatLeadElsewhere_bringTheirRules() throws FirewallException {
        Config config = Doors.config(List.of());
        pipeline.restore(config, 0);
        assertThat(firewall.installed.getLast().nat()).isFalse();
        GrantRequest request =
                new GrantRequest(ALICE, "led", List.of(WEB), Duration.ofSeconds(60), Nat.parse("10.0.0.5:80"));
        pipeline.grant(request, 0);
        firewall.open.clear();

        pipeline.restore(config, S);

        assertThat(firewall.installed.getLast().nat()).isTrue();
        assertThat(firewall.open.get(new Opening(ALICE, WEB)))
                .extracting(TimedOpening::nat)
                .isEqualTo(request.nat());
        pipeline.tick(61 * S);
        pipeline.reload(config, new SequenceRecogniser(config, 1));
        assertThat(firewall.installed.getLast().nat()).isFalse();
    }

    @Test
    void revokeWithCut_sparesPortsOfAnotherLease() throws FirewallException {
        pipeline.grant(new GrantRequest(BOB, "both", List.of(SSH, WEB), Duration.ofSeconds(60)), 0);
        pipeline.grant(new GrantRequest(BOB, "web", List.of(WEB), Duration.ofSeconds(60)), 0);
        firewall.connections.put(new Opening(BOB, SSH), 1);
        firewall.connections.put(new Opening(BOB, WEB), 1);
        assertThat(pipeline.revoke(pipeline.leases().getFirst(), S, true).join())
                .isEqualTo(1);
        assertThat(firewall.cut).containsExactly(new Opening(BOB, SSH));
    }
}
