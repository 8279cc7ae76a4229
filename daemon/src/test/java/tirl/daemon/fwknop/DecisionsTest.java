package tirl.daemon.fwknop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tirl.daemon.config.FwknopFiles;
import tirl.fwknop.access.Networks;
import tirl.fwknop.gate.Decision;
import tirl.fwknop.gate.Dismissal;
import tirl.fwknop.gate.FwknopGate;
import tirl.packet.Address;

@Timeout(30)
class DecisionsTest {
    @TempDir
    private Path folder = Path.of("");

    private FwknopHost host = new FwknopHost(folder);
    private Optional<FwknopGate> gate = Optional.empty();

    @BeforeEach
    void make() throws Exception {
        host = new FwknopHost(folder);
        Files.writeString(folder.resolve("fwknopd.conf"), "");
        Files.writeString(folder.resolve("access.conf"), "SOURCE ANY\nKEY key\nHMAC_KEY hmac\nOPEN_PORTS tcp/22\n");
        FwknopFiles files = FwknopFiles.read(folder);
        gate = Optional.of(new FwknopGate(files.stanzas(), files.conf(), Networks.LOOPBACK, Optional.empty()));
    }

    private Asked asked(byte[] payload, Address source) {
        return new Asked(gate.orElseThrow(), payload, source, FwknopHost.SERVER, FwknopHost.NOW_S);
    }

    private Asked honest(Address source) {
        return asked(host.packet(FwknopHost.ssh(FwknopHost.CLIENT)), source);
    }

    private Asked garbage() {
        byte[] payload = "9".repeat(213).getBytes(StandardCharsets.US_ASCII);
        return asked(payload, FwknopHost.THIEF);
    }

    @Test
    void rightPacket_isDecided_garbageIsCounted() throws InterruptedException {
        BlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
        List<Decision> decided = new ArrayList<>();
        try (Decisions decisions = new Decisions(posted::add, Optional.empty())) {
            decisions.begin(garbage(), false, decided::add);
            decisions.begin(honest(FwknopHost.CLIENT), false, decided::add);
            posted.take().run();
        }
        assertThat(decided).singleElement().isInstanceOf(Decision.Granted.class);
        assertThat(posted).isEmpty();
        assertThat(gate.orElseThrow().count(Dismissal.KEYS)).isEqualTo(1);
    }

    @Test
    void knownSource_comesFirst_alsoWhenStrangersFillTheirLine() throws InterruptedException {
        SynchronousQueue<Runnable> door = new SynchronousQueue<>();
        List<Address> decided = new ArrayList<>();
        try (Decisions decisions = new Decisions(task -> put(door, task), Optional.empty())) {
            // Its result is not taken yet: meanwhile nothing else is decided.
            decisions.begin(honest(FwknopHost.SERVER), false, _ -> decided.add(FwknopHost.SERVER));
            while (decisions.waiting() > 0) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < Decisions.MOST_WAITING; i++) {
                decisions.begin(honest(FwknopHost.THIEF), false, _ -> decided.add(FwknopHost.THIEF));
            }
            decisions.begin(garbage(), false, _ -> decided.add(FwknopHost.THIEF));
            decisions.begin(honest(FwknopHost.CLIENT), true, _ -> decided.add(FwknopHost.CLIENT));
            assertThat(decisions.lost()).isEqualTo(1);
            for (int i = 0; i < 3; i++) {
                Runnable next = door.poll(10, TimeUnit.SECONDS);
                assertThat(next).isNotNull();
                next.run();
            }
        }
        assertThat(decided).containsExactly(FwknopHost.SERVER, FwknopHost.CLIENT, FwknopHost.THIEF);
    }

    @Test
    void onePacketWithFewKeys_isDecidedAtOnce() {
        BlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
        List<Decision> decided = new ArrayList<>();
        try (Decisions decisions = new Decisions(posted::add)) {
            decisions.begin(garbage(), false, decided::add);
            decisions.begin(honest(FwknopHost.CLIENT), false, decided::add);
        }
        assertThat(decided).singleElement().isInstanceOf(Decision.Granted.class);
        assertThat(posted).isEmpty();
    }

    private static void put(SynchronousQueue<Runnable> door, Runnable task) {
        try {
            door.put(task);
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
