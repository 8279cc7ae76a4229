package tirl.daemon.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tirl.daemon.store.Openers;
import tirl.daemon.store.Store;
import tirl.packet.Address;
import tirl.spa.Body;
import tirl.spa.Decision;
import tirl.spa.Refusal;
import tirl.spa.SealedPacket;
import tirl.spa.gate.SpaGate;

/** Nothing works twice: not after a restart, with an old backup, another clock, or a disk in trouble. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpaRestartTest {
    private static final Address HOME = SpaHost.HOME;
    private static final long NOW_MS = SpaHost.NOW_MS;

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private SpaHost host = new SpaHost(folder);
    private Laptop anna = host.laptop("anna");

    @BeforeEach
    void start() throws Exception {
        host = new SpaHost(folder.resolve("state"));
        anna = host.laptop("anna");
        host.start();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private boolean opens(byte[] packet) throws InterruptedException {
        host.kernel.open.clear();
        host.knock(HOME, packet);
        return !host.kernel.open.isEmpty();
    }

    private SpaGate gate() {
        return host.now().register().gate();
    }

    /** The clock was set back by the restart, so it is not the boot floor that refuses. */
    @Test
    void restart_knowsWhatWasUsed() throws Exception {
        byte[][] used = new byte[5][];
        for (int i = 0; i < used.length; i++) {
            used[i] = anna.open(i + 1, NOW_MS);
            assertThat(opens(used[i])).isTrue();
        }
        byte[] unused = anna.open(6, NOW_MS);
        host.stop();
        host.nowMs.set(NOW_MS - 10_000);
        host.start();

        for (byte[] packet : used) {
            assertThat(opens(packet)).isFalse();
        }
        assertThat(gate().refused(Refusal.REPLAY)).isEqualTo(used.length);
        assertThat(opens(unused)).isTrue();
    }

    @Test
    void restoredBackup_opensNothingOld() throws Exception {
        assertThat(opens(anna.open(1, NOW_MS))).isTrue();
        host.stop();
        copy(host.directory, folder.resolve("backup"));
        host.start();
        byte[] used = anna.open(2, NOW_MS);
        byte[] neverArrived = anna.open(3, NOW_MS);
        assertThat(opens(used)).isTrue();
        host.stop();

        copy(folder.resolve("backup"), host.directory);
        host.nowMs.set(NOW_MS + 2_000);
        host.start();

        assertThat(opens(used)).isFalse();
        assertThat(opens(neverArrived)).isFalse();
        assertThat(gate().refused(Refusal.BEFORE_START)).isEqualTo(2);
        assertThat(opens(anna.open(4, NOW_MS + 2_000))).isTrue();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> old = Files.list(to)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    @Test
    void clockSetByAnyAmount_reopensNothing_andRightPacketsOpen() throws Exception {
        byte[] used = anna.open(1, NOW_MS);
        assertThat(opens(used)).isTrue();
        long counter = 2;
        for (long jumpMs : new long[] {1_000, 600_000, 3_600_000, 86_400_000L * 3650, 5_000, 60_000}) {
            host.clock(NOW_MS + jumpMs);
            host.nowNs.addAndGet(Duration.ofMinutes(1).toNanos());
            assertThat(gate().epoch()).isEqualTo((NOW_MS + jumpMs) / 600_000);
            assertThat(opens(used)).isFalse();
            assertThat(opens(anna.open(counter++, NOW_MS + jumpMs)))
                    .as("after %d ms", jumpMs)
                    .isTrue();
        }
        // Before the start: the floor goes along, and the window in memory knows what was used.
        for (long jumpMs : new long[] {-1, -3_600_000, 60_000 - NOW_MS}) {
            host.clock(NOW_MS + jumpMs);
            host.nowNs.addAndGet(Duration.ofMinutes(1).toNanos());
            assertThat(opens(used)).isFalse();
            assertThat(opens(anna.open(counter++, NOW_MS + jumpMs)))
                    .as("after %d ms", jumpMs)
                    .isTrue();
        }
        host.clock(-1_000_000_000);
        assertThat(opens(used)).isFalse();
        assertThat(opens(anna.open(counter++, 0))).isFalse();
        host.clock(NOW_MS + 1);
        host.nowNs.addAndGet(Duration.ofMinutes(5).toNanos());
        assertThat(opens(used)).isFalse();
        assertThat(opens(anna.open(counter, NOW_MS + 1))).isTrue();
    }

    @Test
    void epochTurns_consumedStayConsumed_evenIfTheTableComesLate() throws Exception {
        byte[] used = anna.open(1, NOW_MS);
        byte[] unused = anna.open(2, NOW_MS + 60_000);
        host.nowMs.set(NOW_MS + 600_000 - NOW_MS % 600_000);
        host.now().epochs().follow(host.nowMs.get());
        host.nowMs.set(NOW_MS);
        assertThat(opens(used)).isTrue();
        host.settle();
        assertThat(gate().epoch()).isEqualTo(NOW_MS / 600_000 + 1);
        assertThat(opens(used)).isFalse();
        host.nowMs.set(NOW_MS + 60_000);
        assertThat(opens(unused)).isTrue();
    }

    /** Everything that reaches the disk fails for a while. */
    @Test
    void diskInTrouble_nothingOpens_andItIsSaid() throws Exception {
        host.stop();
        AtomicBoolean broken = new AtomicBoolean();
        AtomicReference<@Nullable Connection> open = new AtomicReference<>();
        Store.Opener real = Openers.watched(_ -> {});
        host.start(new Store(
                host.directory,
                directory -> {
                    if (broken.get()) {
                        throw new SQLException("disk I/O error", "", 10);
                    }
                    Connection connection = real.open(directory);
                    open.set(connection);
                    return connection;
                },
                host.nowNs::get,
                host.trouble::add));
        assertThat(opens(anna.open(1, NOW_MS))).isTrue();

        broken.set(true);
        Connection taken = open.get();
        if (taken != null) {
            taken.close();
        }
        for (int counter = 2; counter < 8; counter++) {
            SealedPacket packet = anna.open(new Body.Header(NOW_MS, counter, true, false), "ssh");
            assertThat(opens(packet.bytes())).isFalse();
            assertThat(packet.answerKey()
                            .open(host.sent.answers.getLast())
                            .orElseThrow()
                            .decision())
                    .isEqualTo(Decision.SERVER_FAILED);
        }
        assertThat(host.denials()).hasSize(6).last().asString().contains("anna: it could not be written down: ");
        assertThat(host.trouble).as("lines of the store").hasSizeBetween(1, 2);
        assertThat(host.now().claims().counts()).isEqualTo(new Claims.Counts(0, 1, 6));

        broken.set(false);
        host.nowNs.addAndGet(Duration.ofSeconds(5).toNanos());
        assertThat(opens(anna.open(8, NOW_MS))).isTrue();
    }
}
