package tirl.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tirl.daemon.CrashLife.CrashClock;
import tirl.grant.FirewallException;
import tirl.grant.Lease;
import tirl.grant.LeaseLedger;
import tirl.packet.Address;

/**
 * The daemon dies at every step of a random life: before and after each call to the kernel, each statement and commit of the
 * store, each hook. Then another one starts on what is left, and the promises are looked at. The step is the only thing that
 * differs between two runs of one script.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrashPointTest {
    private static final int TURNS = 40;
    private static final long SECOND = 1_000_000_000L;
    private static final UnaryOperator<LeaseLedger> RIGHT = UnaryOperator.identity();

    private Path folder = Path.of("/nonexistent");

    @BeforeEach
    void makeFolder() throws IOException {
        // The disk's own speed is not what is tested.
        Path memory = Path.of("/dev/shm");
        folder = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "tirl")
                : Files.createTempDirectory("tirl");
    }

    @AfterEach
    void removeFolder() throws IOException {
        delete(folder);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void deathAtEveryStep_keepsThePromises(long seed) throws Exception {
        int steps = stepsOf(seed);
        assertThat(steps).isGreaterThan(150);
        for (int step = 1; step <= steps; step++) {
            dieAndRise(seed, step, RIGHT);
        }
        System.out.println("script " + seed + ": died at each of " + steps + " steps");
    }

    /** The promises are kept by the order of writing, and this test would see if they were not. */
    @Test
    void revocationNotWrittenBeforeTheKernelIsTold_isSeen() {
        assertThatThrownBy(() -> dieEverywhere(ledger -> new Forgetful(ledger, true, false)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("was taken back");
    }

    @Test
    void reopeningNotWrittenBeforeTheTableIsBack_isSeen() {
        assertThatThrownBy(() -> dieEverywhere(ledger -> new Forgetful(ledger, false, true)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("of live Lease");
    }

    private void dieEverywhere(UnaryOperator<LeaseLedger> fault) throws Exception {
        for (long seed = 1; seed <= 5; seed++) {
            for (int step = 1; step <= stepsOf(seed); step++) {
                dieAndRise(seed, step, fault);
            }
        }
    }

    private int stepsOf(long seed) throws Exception {
        Fate fate = new Fate(0);
        Run run = new Run(seed, fate, RIGHT);
        run.live();
        run.life().abandon();
        delete(run.directory);
        return fate.steps();
    }

    private void dieAndRise(long seed, int step, UnaryOperator<LeaseLedger> fault) throws Exception {
        Run run = new Run(seed, new Fate(step), fault);
        String place = "alive";
        try {
            run.live();
        } catch (Fate.Death death) {
            place = String.valueOf(death.getMessage());
        }
        try {
            run.rise(step);
        } catch (AssertionError e) {
            throw new AssertionError("script " + seed + ", death at " + place + ": " + e.getMessage(), e);
        } finally {
            delete(run.directory);
        }
    }

    /** One script, and what comes after the death. */
    private final class Run {
        private final Random random;
        private final Fate fate;
        private final UnaryOperator<LeaseLedger> fault;
        private final CrashClock clock = new CrashClock();
        private final KernelModel kernel = new KernelModel(clock::nanos);
        private final CrashOracle oracle = new CrashOracle();
        private final List<String> hooks = new ArrayList<>();
        private final List<CrashLife> lives = new ArrayList<>();
        private final Path directory = Files.createTempDirectory(folder, "state");

        Run(long seed, Fate fate, UnaryOperator<LeaseLedger> fault) throws IOException {
            random = new Random(seed);
            this.fate = fate;
            this.fault = fault;
        }

        CrashLife life() {
            return lives.getLast();
        }

        void live() throws FirewallException {
            lives.add(new CrashLife(directory, kernel, clock, fate, hooks, fault));
            life().start();
            for (int turn = 0; turn < TURNS; turn++) {
                act(random.nextInt(20), life());
                life().runWaiting(random.nextInt(4));
                if (random.nextInt(3) == 0) {
                    life().write();
                }
            }
        }

        private void act(int what, CrashLife life) throws FirewallException {
            switch (what) {
                case 0, 1, 2, 3, 4, 5, 6, 7, 8 -> grant(life);
                case 9, 10, 11, 12 -> revoke(life);
                case 13, 14, 15, 16 -> {
                    clock.pass(random.nextLong(15 * SECOND));
                    life.tick();
                }
                case 17, 18 -> life.pipeline.reload(CrashSite.config(), new CrashLife.Deaf());
                default -> {
                    kernel.flush();
                    life.pipeline.restore(CrashSite.config(), clock.nanos());
                }
            }
        }

        private void grant(CrashLife life) throws FirewallException {
            List<String> doors = CrashSite.DOORS.keySet().stream().sorted().toList();
            String door = doors.get(random.nextInt(doors.size()));
            Address source = CrashSite.SOURCES.get(random.nextInt(CrashSite.SOURCES.size()));
            var request = CrashSite.request(door, source);
            oracle.granting(
                    source.toString(), door, clock.nanos() + request.duration().toNanos());
            oracle.granted(life.pipeline.grant(request, clock.nanos()).orElseThrow());
        }

        private void revoke(CrashLife life) throws FirewallException {
            List<Lease> leases = life.pipeline.leases();
            if (!leases.isEmpty()) {
                Lease lease = leases.get(random.nextInt(leases.size()));
                oracle.revoking(lease);
                life.pipeline.revoke(lease, clock.nanos());
                oracle.revoked(lease);
            }
        }

        /** Another daemon, on a copy of the files as they were at the death. */
        void rise(int step) throws Exception {
            Path copy = Files.createDirectory(directory.resolve("copy"));
            for (String name : List.of("tirl.db", "tirl.db-wal")) {
                if (Files.exists(directory.resolve(name))) {
                    Files.copy(directory.resolve(name), copy.resolve(name));
                }
            }
            List<Lease> written = lives.isEmpty() ? List.of() : life().written();
            lives.forEach(CrashLife::abandon);
            int before = hooks.size();
            Random after = new Random(step);
            boolean tableGone = after.nextInt(2) == 0 || !kernel.isInstalled();
            if (tableGone) {
                kernel.flush();
            }
            clock.pass(after.nextInt(3) == 0 ? 0 : after.nextLong(30 * SECOND));
            CrashLife next = new CrashLife(copy, kernel, clock, new Fate(0), hooks, RIGHT);
            try {
                next.start();
                oracle.checkNothingTooLong(kernel);
                oracle.checkNothingLost(kernel, next.pipeline.leases(), written, tableGone, clock.nanos());
                oracle.checkNothingRisen(next.pipeline.leases());
                next.runWaiting(Integer.MAX_VALUE);
                if (!tableGone) {
                    CrashHooks.checkNotEarly(hooks.subList(before, hooks.size()), oracle, clock.nanos());
                }
                for (int second = 0; second < 70; second++) {
                    clock.pass(SECOND);
                    next.tick();
                    next.runWaiting(Integer.MAX_VALUE);
                }
                CrashHooks.check(hooks, before);
                assertThat(kernel.open()).isEmpty();
                assertThat(next.pipeline.leases()).isEmpty();
                assertThat(next.troubles()).isEmpty();
            } finally {
                next.abandon();
            }
            assertThat(integrity(copy)).isEqualTo("ok");
        }
    }

    private static String integrity(Path directory) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("tirl.db"));
                var statement = connection.createStatement();
                var row = statement.executeQuery("PRAGMA integrity_check")) {
            return row.getString(1);
        }
    }

    /** Leaves out what has to be written before the kernel is told. */
    private record Forgetful(LeaseLedger right, boolean forgetsRevoking, boolean forgetsReopening)
            implements LeaseLedger {
        @Override
        public Kept kept(long nowNs) {
            return right.kept(nowNs);
        }

        @Override
        public void opened(Lease lease) {
            right.opened(lease);
        }

        @Override
        public void ended(Collection<Lease> leases) {
            right.ended(leases);
        }

        @Override
        public void revoking(Lease lease) {
            if (!forgetsRevoking) {
                right.revoking(lease);
            }
        }

        @Override
        public void revoked(Lease lease) {
            if (forgetsRevoking) {
                right.ended(List.of(lease));
            } else {
                right.revoked(lease);
            }
        }

        @Override
        public void reopening() {
            if (!forgetsReopening) {
                right.reopening();
            }
        }

        @Override
        public void settled(Collection<Lease> all) {
            right.settled(all);
        }
    }
}
