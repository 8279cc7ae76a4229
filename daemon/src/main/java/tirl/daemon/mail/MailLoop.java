package tirl.daemon.mail;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import tirl.config.Mail;
import tirl.config.Mail.Kind;
import tirl.config.Notation;
import tirl.event.Event;

/** The thread that sends. Who adds an event waits for nobody: the lock is never held while something is sent. */
final class MailLoop {
    /** A digest that is to be sent, and by which settings. */
    private record Errand(Mail mail, Digest digest, int failures) {}

    private final MailSender sender;
    private final LetterWriter writer;
    private final Consumer<String> notice;
    private final Consumer<String> warning;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Outbox outbox;
    private final Thread thread;
    private Mail mail;
    private boolean ending;
    /** The last failure, which is logged once however often it comes. */
    private String trouble = "";

    MailLoop(Mail mail, MailSender sender, LetterWriter writer, Consumer<String> notice, Consumer<String> warning) {
        this.mail = mail;
        this.sender = sender;
        this.writer = writer;
        this.notice = notice;
        this.warning = warning;
        outbox = new Outbox(mail.digest());
        thread = Thread.ofPlatform().name("mail").daemon().start(this::run);
    }

    void add(Kind kind, Event event, Instant at) {
        locked(() -> outbox.add(kind, event, at));
    }

    void follow(Mail next) {
        locked(() -> {
            mail = next;
            outbox.follow(next.digest(), next.on()::contains);
        });
    }

    /** Sends what waits, once, and ends. Returns at once. */
    void end() {
        locked(() -> ending = true);
    }

    /** Waits for the end. */
    void await(Duration limit) {
        try {
            if (!thread.join(limit)) {
                warning.accept("mail: the last alerts were not sent: " + mail.server() + " takes too long");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            Optional<Errand> errand = next();
            while (errand.isPresent()) {
                carryOut(errand.get());
                errand = next();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until something is due; nothing when it is over. */
    private Optional<Errand> next() throws InterruptedException {
        lock.lock();
        try {
            while (!ending) {
                OptionalLong due = outbox.dueInNs(System.nanoTime());
                if (due.isEmpty()) {
                    changed.await();
                } else if (due.getAsLong() > 0) {
                    long _ = changed.awaitNanos(due.getAsLong());
                } else {
                    return outbox.take(System.nanoTime()).map(this::errand);
                }
            }
            return outbox.takeLast().map(this::errand);
        } finally {
            lock.unlock();
        }
    }

    private Errand errand(Digest digest) {
        return new Errand(mail, digest, outbox.failures());
    }

    private void carryOut(Errand errand) {
        try {
            List<String> refused =
                    sender.send(errand.mail(), writer.write(errand.digest(), errand.failures(), trouble));
            locked(() -> outbox.sent(System.nanoTime()));
            refused.forEach(one -> warning.accept("mail: " + one));
            if (!trouble.isEmpty()) {
                notice.accept("mail: " + errand.mail().server() + " takes it again");
                trouble = "";
            }
        } catch (MailException e) {
            failed(errand, e.reason());
        } catch (RuntimeException e) {
            failed(errand, "a mistake in tirl: " + e);
        }
    }

    private void failed(Errand errand, String why) {
        lock.lock();
        try {
            if (ending) {
                warning.accept("mail: " + errand.digest().size() + " alerts were not sent: " + why);
                return;
            }
            outbox.failed(errand.digest(), System.nanoTime());
            if (!why.equals(trouble)) {
                long pauseNs = outbox.dueInNs(System.nanoTime()).orElse(0);
                Duration pause = Duration.ofSeconds(Math.max(1, TimeUnit.NANOSECONDS.toSeconds(pauseNs) + 1));
                warning.accept("mail: " + why + "; alerts wait, next attempt within " + Notation.write(pause));
            }
            trouble = why;
        } finally {
            lock.unlock();
        }
    }
}
