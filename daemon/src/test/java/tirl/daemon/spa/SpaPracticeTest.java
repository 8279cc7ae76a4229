package tirl.daemon.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tirl.config.Config;
import tirl.config.Config.PortRange;
import tirl.daemon.fwknop.FwknopPractice;
import tirl.daemon.store.Store;
import tirl.daemon.store.Store.Durability;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.event.Event;
import tirl.event.EventSink;
import tirl.packet.Transport;

/** What is practised is what a real packet costs, and it leaves nothing. */
class SpaPracticeTest {
    private static final int PLAYS = 40;
    private static final Service SSH = new Service("ssh", List.of(new ServicePort(Transport.TCP, 22)));
    private static final Config.Spa SPA = SpaHost.spa(SpaHost.SPA_PORT, false);
    private static final Config CONFIG = new Config(
                    new Config.Host(List.of("any"), Path.of("/c"), Path.of("/s"), Config.FirewallMode.GUARD),
                    PortRange.ALL,
                    Set.of(),
                    List.of(SSH),
                    List.of(),
                    Config.Limits.DEFAULT)
            .withSpa(Optional.of(SPA));

    @TempDir
    private Path folder = Path.of("");

    private final List<Event> told = new ArrayList<>();

    private final EventSink events = new EventSink() {
        @Override
        public boolean wantsProgress() {
            return true;
        }

        @Override
        public void accept(Event event) {
            told.add(event);
        }
    };

    private static long rows(Store store, String table) throws Exception {
        return store.write(Durability.PROCESS, session -> {
            try (var statement = session.connection().createStatement();
                    var row = statement.executeQuery("SELECT count(*) FROM " + table)) {
                return row.next() ? row.getLong(1) : -1L;
            }
        });
    }

    @Test
    void eachSpaPacketOpens_andTheStoreIsAsBefore() throws Exception {
        try (Store store = new Store(folder, System::nanoTime, _ -> {})) {
            SpaPractice practice = new SpaPractice(store, CONFIG, SPA, SSH, events);
            for (int i = 0; i < PLAYS; i++) {
                practice.run();
            }
            assertThat(practice.opened()).isEqualTo(PLAYS);
            assertThat(told).filteredOn(Event.Opened.class::isInstance).hasSize(PLAYS);
            assertThat(rows(store, "device_use")).isZero();
        }
    }

    @Test
    void eachPacketOfFwknopsOpens_andTheStoreIsAsBefore() throws Exception {
        try (Store store = new Store(folder, System::nanoTime, _ -> {})) {
            FwknopPractice practice = new FwknopPractice(store, events);
            for (int i = 0; i < PLAYS; i++) {
                practice.run();
            }
            assertThat(told).filteredOn(Event.Opened.class::isInstance).hasSize(PLAYS);
            assertThat(rows(store, "fwknop_seen")).isZero();
        }
    }

    @Test
    void aStoreInTrouble_endsNoPractice() {
        try (Store store = new Store(Path.of("/proc/nowhere"), System::nanoTime, _ -> {})) {
            SpaPractice practice = new SpaPractice(store, CONFIG, SPA, SSH, events);
            practice.run();
            assertThat(practice.opened()).isEqualTo(1);
        }
    }
}
