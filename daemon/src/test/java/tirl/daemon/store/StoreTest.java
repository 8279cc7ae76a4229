package tirl.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
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
    void storeOfVersion1_isBroughtToThisOne_andKeepsWhatItHas() throws Exception {
        Files.createDirectory(folder.resolve("state"));
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (Connection old = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("tirl.db"));
                Statement statement = old.createStatement()) {
            for (String sql : List.of(
                    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
                    "CREATE TABLE due (id INTEGER PRIMARY KEY, door TEXT NOT NULL, source TEXT NOT NULL,"
                            + " stop TEXT NOT NULL, due_ms INTEGER NOT NULL)",
                    "CREATE TABLE lease (id INTEGER PRIMARY KEY, source TEXT NOT NULL, label TEXT NOT NULL,"
                            + " ports TEXT NOT NULL, boot TEXT NOT NULL, end_boottime_ns INTEGER NOT NULL,"
                            + " revoking INTEGER NOT NULL)",
                    "INSERT INTO due VALUES (7, 'door', '192.0.2.1', 'stop', 1)",
                    "PRAGMA user_version = 1")) {
                statement.execute(sql);
            }
        }
        for (int start = 0; start < 2; start++) {
            try (Store store = store()) {
                assertThat(store.<List<Long>>write(
                                Durability.PROCESS,
                                session -> List.of(
                                        StoreFile.number(session.connection(), "SELECT id FROM due"),
                                        StoreFile.number(session.connection(), "SELECT count(*) FROM device"),
                                        StoreFile.number(session.connection(), "SELECT count(*) FROM invitation"),
                                        StoreFile.number(session.connection(), "SELECT count(*) FROM device_use"),
                                        StoreFile.number(session.connection(), "PRAGMA user_version"))))
                        .containsExactly(7L, 0L, 0L, 0L, 3L);
            }
        }
        assertThat(told).isEmpty();
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
