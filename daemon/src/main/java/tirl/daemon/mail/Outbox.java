package tirl.daemon.mail;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import tirl.config.Mail.Kind;
import tirl.event.Event;

/**
 * When the next mail goes, and what it tells. The first event goes at once, what follows waits until a digest is due; a
 * mail that could not be sent is put back, takes in what has happened since, and waits longer each time. Knows no clock
 * and no thread; its caller has the lock.
 */
final class Outbox {
    private static final Duration FIRST_RETRY = Duration.ofSeconds(5);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(10);

    private Duration digest;
    private Digest waiting = new Digest();
    private OptionalLong notBeforeNs = OptionalLong.empty();
    private int failures;

    Outbox(Duration digest) {
        this.digest = digest;
    }

    void add(Kind kind, Event event, Instant at) {
        waiting.add(kind, event, at);
    }

    /** How long until there is something to send; 0 now, nothing when nothing waits. */
    OptionalLong dueInNs(long nowNs) {
        if (waiting.isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(notBeforeNs.isEmpty() ? 0 : Math.max(0, notBeforeNs.getAsLong() - nowNs));
    }

    /** What is to be sent now, which is the caller's from now on; it says {@link #sent} or {@link #failed} later. */
    Optional<Digest> take(long nowNs) {
        OptionalLong due = dueInNs(nowNs);
        return due.isPresent() && due.getAsLong() == 0 ? Optional.of(takeAll()) : Optional.empty();
    }

    /** What waits, due or not: there will be no later. */
    Optional<Digest> takeLast() {
        return waiting.isEmpty() ? Optional.empty() : Optional.of(takeAll());
    }

    private Digest takeAll() {
        Digest taken = waiting;
        waiting = new Digest();
        return taken;
    }

    void sent(long nowNs) {
        failures = 0;
        notBeforeNs = OptionalLong.of(nowNs + digest.toNanos());
    }

    void failed(Digest unsent, long nowNs) {
        unsent.add(waiting);
        waiting = unsent;
        // Ten doublings are longer than the longest; more would overflow one day.
        Duration pause = FIRST_RETRY.multipliedBy(1L << Math.min(failures, 10));
        failures++;
        notBeforeNs = OptionalLong.of(nowNs + (pause.compareTo(LONGEST_RETRY) < 0 ? pause : LONGEST_RETRY).toNanos());
    }

    /** How often what waits could not be sent. */
    int failures() {
        return failures;
    }

    /** After a change of the configuration: other times, and nothing of what nobody wants any more. */
    void follow(Duration otherDigest, Predicate<Kind> wanted) {
        digest = otherDigest;
        waiting.keep(wanted);
        if (failures > 0) {
            notBeforeNs = OptionalLong.empty();
        }
    }
}
