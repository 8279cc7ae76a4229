package tirl.daemon.practice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tirl.daemon.spa.RehearsedClaims;
import tirl.daemon.store.Store;
import tirl.door.ServicePort;
import tirl.event.Event;
import tirl.event.EventSink;
import tirl.grant.FirewallException;
import tirl.grant.Opening;
import tirl.grant.TimedOpening;
import tirl.packet.Address;
import tirl.packet.Transport;

class CastTest {
    private static final EventSink NOBODY = new EventSink() {
        @Override
        public boolean wantsProgress() {
            return true;
        }

        @Override
        public void accept(Event event) {}
    };

    /** Two would be compiled for, and what was compiled thrown away when the real one comes. */
    @Test
    void eachPart_isPlayedByThreeClasses() {
        List<Cast> casts = Cast.three(_ -> {}, NOBODY);
        assertThat(classes(casts.stream().map(Cast::firewall).toList())).hasSize(3);
        assertThat(classes(casts.stream().map(Cast::ledger).toList())).hasSize(3);
        assertThat(classes(casts.stream().map(Cast::events).toList())).hasSize(3);
        try (Store store = new Store(Path.of("/proc/nowhere"), System::nanoTime, _ -> {})) {
            assertThat(classes(RehearsedClaims.three(store))).hasSize(3);
        }
    }

    @Test
    void each_passesOnWhatWouldOpen_andKeepsNothing() throws FirewallException {
        TimedOpening opening = new TimedOpening(
                new Opening(Address.parse("192.0.2.1").orElseThrow(), new ServicePort(Transport.TCP, 22)),
                Duration.ofSeconds(1),
                "practice",
                Optional.empty());
        List<TimedOpening> opened = new ArrayList<>();
        for (Cast cast : Cast.three(opened::add, NOBODY)) {
            cast.firewall().open(List.of(opening));
            assertThat(cast.firewall().openings()).isEmpty();
            assertThat(cast.firewall().cut(List.<Opening>of()).join()).isEmpty();
            assertThat(cast.ledger().kept(0).live()).isEmpty();
            assertThat(cast.events().wantsProgress()).isTrue();
        }
        assertThat(opened).containsExactly(opening, opening, opening);
    }

    private static List<Class<?>> classes(Collection<?> parts) {
        return parts.stream().<Class<?>>map(Object::getClass).distinct().toList();
    }
}
