package tirl.daemon.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tirl.config.Mail.Kind;

@Timeout(30)
class MailLoopTest {
    private final BlockingQueue<Letter> sent = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    private MailLoop loop(MailSender sender) {
        return new MailLoop(LetterTest.MAIL, sender, new LetterWriter("gate", _ -> "a line"), said::add, said::add);
    }

    private static void open(MailLoop loop, long lease) {
        loop.add(Kind.OPENED, OutboxTest.opened(lease), Instant.EPOCH);
    }

    private Letter next() throws InterruptedException {
        Letter letter = sent.poll(20, TimeUnit.SECONDS);
        assertThat(letter).isNotNull();
        return letter == null ? new Letter("", List.of()) : letter;
    }

    @Test
    void serverThatHangs_delaysNobody_andTheEndSendsWhatWaits() throws InterruptedException {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        MailLoop loop = loop((_, letter) -> {
            asked.countDown();
            try {
                hangs.await();
            } catch (InterruptedException e) {
                throw new MailException("interrupted", e);
            }
            sent.add(letter);
            return List.of();
        });
        open(loop, 0);
        asked.await();
        long startNs = System.nanoTime();
        LongStream.range(0, 10_000).forEach(lease -> open(loop, lease));
        assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isLessThan(Duration.ofSeconds(5));
        loop.end();
        hangs.countDown();

        assertThat(next().subject()).isEqualTo("tirl on gate: anna opened for 192.0.2.7");
        assertThat(next().subject()).isEqualTo("tirl on gate: 10,000 opened");
        loop.await(Duration.ofSeconds(20));
        assertThat(sent).isEmpty();
        assertThat(said).isEmpty();
    }

    @Test
    void serverThatRefuses_isToldOfOnce_andReloadTriesAgain() throws InterruptedException {
        BlockingQueue<String> troubles = new LinkedBlockingQueue<>(List.of("gone", "gone"));
        MailLoop loop = loop((_, letter) -> {
            String trouble = troubles.poll();
            if (trouble != null) {
                throw new MailException(trouble);
            }
            sent.add(letter);
            return List.of("x refused one");
        });
        open(loop, 0);
        assertThat(said.poll(20, TimeUnit.SECONDS)).startsWith("mail: gone; alerts wait, next attempt within ");
        loop.follow(LetterTest.MAIL);
        while (!troubles.isEmpty()) {
            Thread.onSpinWait();
        }
        // Until it is back in the outbox a reload finds nothing to hurry.
        while (sent.isEmpty()) {
            loop.follow(LetterTest.MAIL);
            Thread.onSpinWait();
        }
        assertThat(next().lines())
                .last()
                .isEqualTo("This mail is late: 2 attempts to send it failed, the last one because: gone");
        loop.end();
        loop.await(Duration.ofSeconds(20));
        assertThat(said).containsExactly("mail: x refused one", "mail: localhost:25 takes it again");
    }

    @Test
    void endWithoutServer_saysHowManyWereLost() throws InterruptedException {
        MailLoop loop = loop((_, _) -> {
            throw new IllegalStateException("a bug");
        });
        open(loop, 0);
        assertThat(said.poll(20, TimeUnit.SECONDS)).contains("a mistake in tirl", "a bug");
        open(loop, 1);
        loop.end();
        loop.await(Duration.ofSeconds(20));
        assertThat(said.poll()).startsWith("mail: 2 alerts were not sent: a mistake in tirl");
    }
}
