package tirl.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tirl.daemon.store.Flushable.Outcome;
import tirl.daemon.store.Store.Durability;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoreTest {
    private static final long HOUR_NS = Duration.ofHours(1).toNanos();

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private Path directory = Path.of("/nonexistent");
    private final List<String> told = new ArrayList<>();
    private final AtomicLong nowNs = new AtomicLong(1);

    @BeforeEach
    void name() {
        directory = folder.resolve("state").resolve("tirl");
    }

    private Store store() {
        return new Store(directory, nowNs::get, told::add);
    }

    private static boolean execute(StoreSession session, String sql) throws SQLException {
        try (Statement statement = session.connection().createStatement()) {
            return statement.execute(sql);
        }
    }

    @Test
    void directoryAndFiles_areForTheOwnerOnly() throws Exception {
        try (Store _ = store()) {
            assertThat(mode(directory)).isEqualTo("rwx------");
            assertThat(mode(directory.resolve("tirl.db"))).isEqualTo("rw-------");
            assertThat(mode(directory.resolve("tirl.db-wal"))).isEqualTo("rw-------");
        }
        assertThat(told).isEmpty();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwx---"));
        try (Store store = store()) {
            assertThat(store.trouble())
                    .hasValueSatisfying(text -> assertThat(text).contains("mode 0700"));
        }
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    @SuppressWarnings("try") // closing it early is what is tested
    void secondDaemon_isRefused_untilTheFirstHasEnded() throws Exception {
        try (Store first = store();
                Store second = store()) {
            assertThatThrownBy(() -> second.write(Durability.POWER, session -> true))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another process has it locked");
            first.close();
            nowNs.addAndGet(HOUR_NS / 2);
            assertThat(second.flush()).isEqualTo(Outcome.DONE);
            assertThat(second.trouble()).isEmpty();
        }
        assertThat(told).hasSize(2).last().asString().isEqualTo("the store works again");
    }

    @Test
    void lastingTrouble_isToldOnceAnHour() throws Exception {
        Files.createDirectories(folder.resolve("state"));
        Files.createFile(directory);
        try (Store store = store()) {
            for (int i = 0; i < 120; i++) {
                nowNs.addAndGet(HOUR_NS / 60);
                assertThat(store.flush()).isEqualTo(Outcome.TRY_AGAIN);
            }
        }
        assertThat(told).hasSize(3).allMatch(line -> line.contains(directory.toString()));
    }

    @Test
    void failedWork_leavesNothingBehind() throws Exception {
        try (Store store = store()) {
            assertThatThrownBy(() -> store.write(Durability.POWER, session -> {
                        boolean _ = execute(session, "INSERT INTO meta VALUES ('a', 'b')");
                        return execute(session, "INSERT INTO nothing VALUES (1)");
                    }))
                    .isInstanceOf(StoreException.class);
            nowNs.addAndGet(HOUR_NS);
            assertThat(store.<Long>write(
                            Durability.PROCESS,
                            session -> StoreFile.number(session.connection(), "SELECT count(*) FROM meta")))
                    .isZero();
        }
    }

    @Test
    void foreignDatabase_isLeftAlone() throws Exception {
        try (Store store = store()) {
            assertThat(store.<Boolean>write(Durability.POWER, session -> execute(session, "PRAGMA user_version = 0")))
                    .isFalse();
        }
        try (Store store = store()) {
            assertThat(store.trouble())
                    .hasValueSatisfying(text -> assertThat(text).contains("not a store of tirl"));
        }
    }

    @Test
    void threadThatWrites_triesAgainByItself_andAnswersWhoWaits() throws Exception {
        CountDownLatch third = new CountDownLatch(3);
        try (StoreThread thread = new StoreThread()) {
            thread.add(() -> {
                third.countDown();
                return third.getCount() == 0 ? Outcome.DONE : Outcome.TRY_AGAIN;
            });
            thread.now();
            assertThat(third.getCount()).isLessThan(3);
            assertThat(third.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
