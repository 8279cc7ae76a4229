package tirl.daemon;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tirl.grant.FirewallException;

/**
 * Plays the {@link Rehearsal} until the JVM has compiled the way from a frame to the kernel: interpreted it takes four times as
 * long, and a daemon that opens a door twice a day would stay interpreted for months. One play in a turn of the loop, so
 * that a real knock waits for one at most; and not at once, as the compiler takes fewer methods the more wait for it.
 */
final class Practice implements Pulse.Beat {
    /**
     * The second compiler takes a method after 1500 calls that the first one's code has counted, and that one after 1000 (the
     * launcher says so): what the first one leaves is twice as long to read for a processor whose caches are cold, as they are
     * when a knock comes. A test that counts system calls has none.
     */
    static final int PLAYS = Integer.getInteger("tirl.practice", 4500);

    private static final long INTERVAL_NS = Duration.ofMillis(2).toNanos();
    /** On a slow machine this much has to do. */
    private static final long MOST_NS = Duration.ofSeconds(4).toNanos();

    private @Nullable Rehearsal rehearsal;
    private Runnable look = () -> {};
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private int left;
    private long leftNs = MOST_NS;

    /**
     * From the next turn on.
     *
     * @param capture looks whether something was captured, mostly nothing
     */
    void begin(Rehearsal play, Runnable capture) {
        rehearsal = play;
        look = capture;
        left = PLAYS;
    }

    /** Done when nothing is left to play. */
    CompletableFuture<Void> over() {
        return over;
    }

    /** Plays once more: pages that were let go are there again before a real knock needs them. Decision thread. */
    void again() {
        left = rehearsal == null ? 0 : 1;
    }

    /** Where there is nothing to play on. */
    void skip() {
        over.complete(null);
    }

    @Override
    public long intervalNs() {
        return left > 0 ? INTERVAL_NS : Pulse.NEVER;
    }

    @Override
    public void beat(long nowNs) {
        Rehearsal play = rehearsal;
        if (play == null) {
            return;
        }
        try {
            look.run();
            play.play();
            left--;
        } catch (FirewallException tableIsGone) {
            // Whoever watches the table, or the next real opening, tells.
            left = 0;
        }
        leftNs -= System.nanoTime() - nowNs;
        if (left == 0 || leftNs < 0) {
            left = 0;
            // The once more is the last.
            if (!over.complete(null)) {
                rehearsal = null;
            }
        }
    }
}
