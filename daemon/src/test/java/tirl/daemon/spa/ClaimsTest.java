package tirl.daemon.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tirl.daemon.store.Flushers;
import tirl.daemon.store.Openers;
import tirl.daemon.store.Store;
import tirl.daemon.store.Store.Durability;
import tirl.daemon.store.StoreException;
import tirl.daemon.store.StoreSession;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClaimsTest {
    @TempDir
    private Path folder = Path.of("/nonexistent");

    private final BlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
    private final List<String> done = new ArrayList<>();
    private final AtomicInteger commits = new AtomicInteger();

    private Store store() {
        return new Store(
                folder.resolve("state"),
                Openers.watched(step -> {
                    if (step.equals("after commit")) {
                        commits.incrementAndGet();
                    }
                }),
                System::nanoTime,
                done::add);
    }

    private Claim claim(String name) {
        return new Claim(session -> put(session, name), () -> done.add(name), () -> done.add("undo " + name));
    }

    private static int put(StoreSession session, String key) throws SQLException {
        try (Statement statement = session.connection().createStatement()) {
            return statement.executeUpdate("INSERT OR REPLACE INTO meta VALUES ('" + key + "', '')");
        }
    }

    private void settle(Claims claims) throws InterruptedException {
        while (claims.counts().waiting() > 0 || !posted.isEmpty()) {
            Runnable next = posted.poll(1, TimeUnit.MILLISECONDS);
            if (next != null) {
                next.run();
            }
        }
    }

    /** What waits while the disk is busy is one transaction, in order. */
    @Test
    void waitingClaims_areWrittenTogetherAndInOrder() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        try (Store store = store();
                Claims claims = new Claims(store, Flushers.INLINE, posted::add)) {
            int before = commits.get();
            claims.write(new Claim(_ -> hold(begun, busy), () -> done.add("first")), done::add);
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 100; i++) {
                claims.write(claim("c" + i), done::add);
            }
            assertThat(done).isEmpty();
            busy.countDown();
            settle(claims);

            assertThat(done).hasSize(101).startsWith("first", "c0", "c1").endsWith("c98", "c99");
            assertThat(commits.get() - before).isEqualTo(2);
            assertThat(claims.counts()).isEqualTo(new Claims.Counts(0, 101, 0));
        }
    }

    private static int hold(CountDownLatch begun, CountDownLatch busy) {
        begun.countDown();
        try {
            assertThat(busy.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    @Test
    void tooManyWaiting_areRefusedWithTheirReason() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        try (Store store = store();
                Claims claims = new Claims(store, Flushers.INLINE, posted::add)) {
            claims.write(new Claim(_ -> hold(begun, busy), () -> {}), done::add);
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < Claims.MOST_WAITING + 3; i++) {
                claims.write(claim("c" + i), done::add);
            }
            busy.countDown();
            settle(claims);

            assertThat(claims.counts()).isEqualTo(new Claims.Counts(0, Claims.MOST_WAITING + 1, 3));
            assertThat(done)
                    .contains("undo c" + Claims.MOST_WAITING, "more than " + Claims.MOST_WAITING + " wait for the disk")
                    .doesNotContain("c" + Claims.MOST_WAITING);
        }
    }

    @Test
    void bugInAClaim_undoesItsGroup_andTheNextIsWritten() throws Exception {
        try (Store store = store();
                Claims claims = new Claims(store, Flushers.INLINE, posted::add)) {
            claims.write(
                    new Claim(
                            session -> {
                                put(session, "half");
                                throw new IllegalStateException("a bug");
                            },
                            () -> done.add("never"),
                            () -> done.add("undone")),
                    reason -> done.add(reason.contains("a bug") ? "told" : reason));
            settle(claims);
            claims.write(claim("next"), done::add);
            settle(claims);

            assertThat(done).contains("undone", "told", "next").doesNotContain("never");
            assertThat(count(store, "half")).isZero();
            assertThat(count(store, "next")).isEqualTo(1);
        }
    }

    private static int count(Store store, String key) throws StoreException {
        return store.write(Durability.PROCESS, session -> count(session, key));
    }

    private static int count(StoreSession session, String key) throws SQLException {
        try (Statement statement = session.connection().createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM meta WHERE key = '" + key + "'")) {
            return rows.next() ? rows.getInt(1) : -1;
        }
    }

    @Test
    void close_writesWhatWaits() throws Exception {
        try (Store store = store()) {
            try (Claims claims = new Claims(store, Flushers.INLINE, posted::add)) {
                claims.write(claim("late"), done::add);
            }
            assertThat(count(store, "late")).isEqualTo(1);
        }
    }
}
