package tirl.daemon.log;

/** So many lines a second and no more; counts what it held back, so that a flood becomes one line that says so. */
public final class RateLimit {
    private static final long SECOND_NS = 1_000_000_000L;

    private final int perSecond;
    private long windowStartNs;
    private int inWindow;
    private long heldBack;

    public RateLimit(int perSecond, long nowNs) {
        this.perSecond = perSecond;
        windowStartNs = nowNs;
    }

    /** Whether a line may be written now. */
    public boolean admits(long nowNs) {
        if (nowNs - windowStartNs >= SECOND_NS) {
            windowStartNs = nowNs;
            inWindow = 0;
        }
        if (inWindow < perSecond) {
            inWindow++;
            return true;
        }
        heldBack++;
        return false;
    }

    /** How many were held back since the last call. */
    public long takeHeldBack() {
        long taken = heldBack;
        heldBack = 0;
        return taken;
    }
}
