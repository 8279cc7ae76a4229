package tirl.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tirl.daemon.store.Store.Durability;
import tirl.door.ServicePort;
import tirl.grant.Lease;
import tirl.grant.Nat;
import tirl.packet.Address;
import tirl.packet.Transport;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LeaseTableTest {
    private static final Address ALICE = Address.parse("192.0.2.1").orElseThrow();
    private static final long MINUTE = 60_000_000_000L;

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private static LeaseTable table(Store store) {
        return new LeaseTable(store, Flushers.INLINE, "this boot", () -> 1, () -> 1, _ -> false);
    }

    private static Lease lease(long id, Optional<Nat> nat, int... ports) {
        List<ServicePort> all = Arrays.stream(ports)
                .mapToObj(port -> new ServicePort(Transport.TCP, port))
                .toList();
        return new Lease(id, ALICE, "label " + id, all, MINUTE, nat);
    }

    @Test
    void leases_comeBackAsTheyWere_alsoWhereTheyLead() {
        List<Lease> leases = Stream.of(
                        lease(1, Optional.empty(), 22, 80),
                        lease(2, Optional.empty()),
                        lease(3, Nat.parse("10.0.0.5:80"), 8080),
                        lease(4, Nat.parse("[fd00::5]:80,fd00::1"), 8081),
                        lease(5, Nat.parse(":22"), 8082))
                .toList();
        try (Store store = new Store(folder, () -> 1, _ -> {})) {
            LeaseTable table = table(store);
            leases.forEach(table::opened);
            assertThat(table.flush()).isEqualTo(Flushable.Outcome.DONE);
            assertThat(table(store).kept(1).live()).containsExactlyElementsOf(leases);
        }
    }

    /** Without its way it would be a lease of a port of this host. */
    @Test
    void lease_whoseWayCannotBeRead_isNone() throws StoreException {
        try (Store store = new Store(folder, () -> 1, _ -> {})) {
            LeaseTable table = table(store);
            table.opened(lease(3, Nat.parse("10.0.0.5:80"), 8080));
            assertThat(table.flush()).isEqualTo(Flushable.Outcome.DONE);
            store.write(Durability.PROCESS, session -> {
                try (Statement statement = session.connection().createStatement()) {
                    return statement.executeUpdate("UPDATE lease SET ports = 'tcp/8080>10.0.0.5:80,new'");
                }
            });
            assertThat(table(store).kept(1).live()).isEmpty();
        }
    }
}
