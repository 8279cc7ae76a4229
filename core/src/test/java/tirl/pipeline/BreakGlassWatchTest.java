package tirl.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tirl.config.Config;
import tirl.door.BreakGlass;
import tirl.door.Step;
import tirl.event.Event;
import tirl.event.EventSink;
import tirl.grant.BreakGlassSets;
import tirl.grant.FirewallException;
import tirl.grant.Lease;
import tirl.grant.Policy;
import tirl.packet.Address;
import tirl.recognise.Doors;
import tirl.recognise.SequenceRecogniser;

class BreakGlassWatchTest {
    private static final BreakGlass GLASS = new BreakGlass(
            List.of(new Step.Tcp(31001), new Step.Udp(22017)),
            List.of(Doors.SSH),
            Duration.ofMinutes(2),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30));
    private static final Address A = Address.parse("192.0.2.1").orElseThrow();
    private static final Address B = Address.parse("2001:db8::1").orElseThrow();
    private static final long NOW = 1_000_000_000L;

    private final FakeSets sets = new FakeSets();
    private final FakeFirewall firewall = new FakeFirewall();
    private final List<Event> events = new ArrayList<>();
    private final List<String> reports = new ArrayList<>();
    private Pipeline pipeline;
    private BreakGlassWatch watch;

    @BeforeEach
    void start() {
        EventSink sink = new EventSink() {
            @Override
            public boolean wantsProgress() {
                return false;
            }

            @Override
            public void accept(Event event) {
                events.add(event);
            }
        };
        Config config = Doors.config(List.of(), new Config.Limits(16, 1, 1));
        pipeline = new Pipeline(new SequenceRecogniser(config, 1), new Policy(config.limits()), firewall, sink);
        watch = new BreakGlassWatch(sets, pipeline, reports::add);
    }

    @Test
    void nothingOpened_isABeatAndNoWord() throws FirewallException {
        watch.beat(GLASS, NOW);

        assertThat(sets.beats).containsExactly(GLASS.after());
        assertThat(reports).isEmpty();
        assertThat(events).isEmpty();
    }

    @Test
    void opened_becomesLeasesWhateverTheLimits_andIsToldOnce() throws FirewallException {
        sets.open(A, Duration.ofSeconds(100));
        sets.open(B, Duration.ofSeconds(50));

        watch.beat(GLASS, NOW);
        watch.beat(GLASS, NOW + 1);

        assertThat(pipeline.leases())
                .extracting(Lease::source, Lease::label, lease -> lease.left(NOW))
                .containsExactly(
                        tuple(A, "break-glass", Duration.ofSeconds(100)),
                        tuple(B, "break-glass", Duration.ofSeconds(50)));
        assertThat(firewall.open).hasSize(2);
        assertThat(sets.open).isEmpty();
        assertThat(reports)
                .containsExactly("break-glass was used while no healthy daemon was heard of, by 2 addresses: "
                        + "192.0.2.1 (20s ago), 2001:db8::1 (20s ago)");
    }

    @Test
    void openedAgain_extendsTheSameLease() throws FirewallException {
        sets.open(A, Duration.ofSeconds(10));
        watch.beat(GLASS, NOW);
        sets.open(A, Duration.ofSeconds(100));

        watch.beat(GLASS, NOW);

        assertThat(pipeline.leases()).hasSize(1);
        assertThat(events.getLast()).isInstanceOf(Event.Extended.class);
    }

    /** What could not be made a lease stays where it is and is tried again at the next beat. */
    @Test
    void kernelRefuses_theOpeningStays() throws FirewallException {
        sets.open(A, Duration.ofSeconds(10));
        firewall.refuses = true;
        watch.beat(GLASS, NOW);
        assertThat(sets.open).hasSize(1);

        firewall.refuses = false;
        watch.beat(GLASS, NOW);

        assertThat(sets.open).isEmpty();
        assertThat(pipeline.leases()).hasSize(1);
    }

    @Test
    void manyUses_areNotAllNamed() throws FirewallException {
        for (int i = 1; i <= 30; i++) {
            sets.open(Address.ofIpv4(i), Duration.ofSeconds(1));
        }

        watch.tell();

        assertThat(reports.getFirst()).contains("by 30 addresses").endsWith("and 20 more");
        assertThat(sets.used).isEmpty();
    }

    @Test
    void sequenceThatTheKernelCannotKnow_isABug() {
        for (List<Step> sequence :
                List.<List<Step>>of(List.of(new Step.Tcp(1)), List.of(new Step.Tcp(1), new Step.Tcp(1)))) {
            assertThatThrownBy(() -> new BreakGlass(sequence, List.of(), Duration.ZERO, Duration.ZERO, Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** A kernel in memory. Time does not pass in it. */
    private static final class FakeSets implements BreakGlassSets {
        final List<Duration> beats = new ArrayList<>();
        final List<Entry> open = new ArrayList<>();
        final List<Entry> used = new ArrayList<>();

        void open(Address source, Duration left) {
            open.add(new Entry(source, Duration.ofSeconds(20), left));
            used.add(new Entry(source, Duration.ofMillis(20_400), Duration.ofDays(30)));
        }

        @Override
        public void beat(Duration time) {
            beats.add(time);
        }

        @Override
        public List<Entry> open() {
            return List.copyOf(open);
        }

        @Override
        public List<Entry> used() {
            return List.copyOf(used);
        }

        @Override
        public void shut(Collection<Address> sources) {
            open.removeIf(entry -> sources.contains(entry.source()));
        }

        @Override
        public void forget(Collection<Address> sources) {
            used.removeIf(entry -> sources.contains(entry.source()));
        }
    }
}
