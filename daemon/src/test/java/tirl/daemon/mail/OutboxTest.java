package tirl.daemon.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import tirl.config.Mail.Kind;
import tirl.event.Event;
import tirl.packet.Address;

class OutboxTest {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
    private static final long SECOND = 1_000_000_000L;

    private final Outbox outbox = new Outbox(Duration.ofMinutes(1));

    static Event opened(long lease) {
        return new Event.Opened(
                lease, Address.parse("192.0.2.7").orElseThrow(), "anna", List.of(), Duration.ofSeconds(30));
    }

    private void open(long lease) {
        outbox.add(Kind.OPENED, opened(lease), START.plusSeconds(lease));
    }

    @Test
    void firstEvent_goesAtOnce_andTheNextWaitForTheDigest() {
        assertThat(outbox.dueInNs(7)).isEmpty();
        open(1);
        assertThat(outbox.take(7).orElseThrow().counted()).isEqualTo("1 opened");
        outbox.sent(10);

        open(2);
        open(3);
        assertThat(outbox.dueInNs(10 + 20 * SECOND)).isEqualTo(OptionalLong.of(40 * SECOND));
        assertThat(outbox.take(10 + 60 * SECOND - 1)).isEmpty();
        assertThat(outbox.take(10 + 60 * SECOND).orElseThrow().size()).isEqualTo(2);
    }

    @Test
    void flood_isOneDigest_thatKeepsTheFirstLinesAndCountsAll() {
        LongStream.range(0, 1_000_000).forEach(this::open);

        Digest digest = outbox.take(0).orElseThrow();
        assertThat(digest.lines()).hasSize(Digest.LINES);
        assertThat(digest.lines().getLast().event()).isEqualTo(opened(Digest.LINES - 1));
        assertThat(digest.counted()).isEqualTo("1,000,000 opened");
        Letter letter = new LetterWriter("gate", _ -> "x".repeat(2000)).write(digest, 0, "");
        assertThat(letter.lines()).contains("... and 999,960 more, which are not listed here.");
        assertThat(letter.lines().stream().mapToInt(String::length).sum()).isLessThan(21_000);
    }

    @Test
    void unsentMail_takesInWhatFollows_andWaitsLongerEachTime() {
        open(0);
        long nowNs = 0;
        for (int seconds : new int[] {5, 10, 20, 40, 80, 160, 320, 600, 600, 600, 600, 600, 600, 600}) {
            Digest unsent = outbox.take(nowNs).orElseThrow();
            open(1);
            outbox.failed(unsent, nowNs);
            assertThat(outbox.dueInNs(nowNs)).isEqualTo(OptionalLong.of(seconds * SECOND));
            nowNs += seconds * SECOND;
        }
        assertThat(outbox.failures()).isEqualTo(14);
        Digest late = outbox.take(nowNs).orElseThrow();
        assertThat(late.size()).isEqualTo(15);
        assertThat(late.first()).contains(START);
        assertThat(new LetterWriter("gate", _ -> "it")
                        .write(late, 14, "it was away")
                        .lines())
                .last()
                .isEqualTo("This mail is late: 14 attempts to send it failed, the last one because: it was away");
        outbox.sent(nowNs);
        assertThat(outbox.failures()).isZero();
    }

    @Test
    void reload_forgetsWhatNobodyWants_andTriesAgainAtOnce() {
        open(1);
        outbox.add(Kind.DENIED, new Event.Denied(Address.parse("192.0.2.7").orElseThrow(), "anna", "no"), START);
        outbox.failed(outbox.take(0).orElseThrow(), 0);
        assertThat(outbox.take(1)).isEmpty();

        outbox.follow(Duration.ofSeconds(1), Kind.DENIED::equals);

        Digest digest = outbox.take(1).orElseThrow();
        assertThat(digest.counted()).isEqualTo("1 denied");
        assertThat(digest.lines()).hasSize(1);
    }
}
