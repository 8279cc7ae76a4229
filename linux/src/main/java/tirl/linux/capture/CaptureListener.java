package tirl.linux.capture;

/** Told when tirl starts and stops to hear an interface; on the poller's thread or in the constructor of {@link Captures}. */
public interface CaptureListener {
    void opened(String iface);

    /** Not heard, from now on or from the start, until {@link #opened}; each new {@code reason} is told once. */
    void lost(String iface, String reason);
}
