package tirl.daemon;

import java.time.Duration;
import tirl.linux.capture.Captures;

/**
 * Whether packets come so fast that waking up for each costs more than looking at it. Then the loop rests a moment between
 * its turns and takes from the ring all that came meanwhile: a third of the work, for half a millisecond more until a door
 * opens. In calm it wakes up for every packet.
 */
final class Pace {
    static final long REST_NS = Duration.ofMillis(1).toNanos();
    private static final long WINDOW_NS = Duration.ofMillis(20).toNanos();
    /** In a window: 4,000 a second. */
    static final int MANY = 80;

    private long lastFrames;
    private long beganNs;
    private long framesThen;
    private boolean many;

    /**
     * How long to rest now.
     *
     * @param frames that have come since the start
     */
    long restNs(long frames, long nowNs) {
        // As many as a turn takes, so more wait: to rest now would make the ring overflow.
        boolean behind = frames - lastFrames >= Captures.TURN;
        lastFrames = frames;
        if (nowNs - beganNs >= WINDOW_NS) {
            many = frames - framesThen >= (nowNs - beganNs) / WINDOW_NS * MANY;
            beganNs = nowNs;
            framesThen = frames;
        }
        return many && !behind ? REST_NS : 0;
    }
}
