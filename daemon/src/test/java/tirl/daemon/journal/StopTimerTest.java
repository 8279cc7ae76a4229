package tirl.daemon.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StopTimerTest {
    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

    private final BlockingQueue<Entry> due = new LinkedBlockingQueue<>();

    private static Entry entry(long id, Duration delay) {
        return new Entry(id, "door", "10.0.0.1", "stop", NOW.plus(delay));
    }

    private long nextId() throws InterruptedException {
        Entry entry = due.poll(10, TimeUnit.SECONDS);
        return entry == null ? -1 : entry.id();
    }

    @Test
    void entries_comeInTheOrderTheyAreDue() throws InterruptedException {
        try (StopTimer timer = new StopTimer(InstantSource.fixed(NOW), due::add)) {
            timer.schedule(entry(1, Duration.ofMillis(150)));
            timer.schedule(entry(2, Duration.ofMillis(50)));
            timer.schedule(entry(3, Duration.ofMillis(100)));
            timer.schedule(entry(4, Duration.ofDays(1_000_000)));
            long start = System.nanoTime();
            assertThat(List.of(nextId(), nextId(), nextId())).containsExactly(2L, 3L, 1L);
            assertThat(System.nanoTime() - start)
                    .isLessThan(Duration.ofSeconds(5).toNanos());
            assertThat(due).isEmpty();
        }
    }

    @Test
    void entry_doesNotComeEarly() throws InterruptedException {
        try (StopTimer timer = new StopTimer(InstantSource.fixed(NOW), due::add)) {
            long start = System.nanoTime();
            timer.schedule(entry(1, Duration.ofMillis(100)));
            assertThat(nextId()).isEqualTo(1);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(100_000_000);
        }
    }

    @Test
    void overdueEntries_comeAtOnce() throws InterruptedException {
        try (StopTimer timer = new StopTimer(InstantSource.fixed(NOW), due::add)) {
            timer.schedule(entry(1, Duration.ofDays(-1_000_000)));
            timer.schedule(entry(2, Duration.ofMinutes(-3)));
            assertThat(List.of(nextId(), nextId())).containsExactly(1L, 2L);
        }
    }

    @Test
    void rescheduledEntry_comesOnceAndLater() throws InterruptedException {
        try (StopTimer timer = new StopTimer(InstantSource.fixed(NOW), due::add)) {
            timer.schedule(entry(1, Duration.ofHours(1)));
            timer.schedule(entry(1, Duration.ofMillis(60)));
            timer.schedule(entry(2, Duration.ofMillis(30)));
            assertThat(List.of(nextId(), nextId())).containsExactly(2L, 1L);
            timer.schedule(entry(3, Duration.ofMillis(20)));
            assertThat(nextId()).isEqualTo(3);
        }
    }

    @Test
    void cancelledEntry_doesNotCome() throws InterruptedException {
        try (StopTimer timer = new StopTimer(InstantSource.fixed(NOW), due::add)) {
            timer.schedule(entry(1, Duration.ofMillis(30)));
            timer.cancel(entry(1, Duration.ofMillis(30)));
            timer.schedule(entry(2, Duration.ofMillis(60)));
            assertThat(nextId()).isEqualTo(2);
        }
    }

    @Test
    void clockStep_movesNothingThatIsScheduled() throws InterruptedException {
        AtomicReference<Instant> clock = new AtomicReference<>(NOW);
        try (StopTimer timer = new StopTimer(clock::get, due::add)) {
            timer.schedule(entry(1, Duration.ofMillis(100)));
            timer.schedule(entry(2, Duration.ofHours(1)));
            clock.set(NOW.minus(Duration.ofDays(1)));
            assertThat(nextId()).isEqualTo(1);
            clock.set(NOW.plus(Duration.ofDays(1)));
            timer.schedule(entry(3, Duration.ofDays(1).plusMillis(20)));
            assertThat(nextId()).isEqualTo(3);
            assertThat(due).isEmpty();
        }
    }

    @Test
    void manyEntries_needOneThread() throws InterruptedException {
        int before = Thread.activeCount();
        List<Long> ids = new ArrayList<>();
        try (StopTimer timer = new StopTimer(InstantSource.fixed(NOW), due::add)) {
            for (int i = 0; i < 10_000; i++) {
                timer.schedule(entry(i, Duration.ofMillis(200)));
            }
            assertThat(Thread.activeCount()).isLessThan(before + 20);
            for (int i = 0; i < 10_000; i++) {
                ids.add(nextId());
            }
        }
        assertThat(ids).doesNotHaveDuplicates().doesNotContain(-1L);
    }
}
