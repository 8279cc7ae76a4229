package tirl.linux.capture;

import java.io.IOException;
import java.time.Duration;
import tirl.linux.libc.Poller;
import tirl.ruleset.CaptureFilter;

/** Listens to everything on an interface for a short time, to learn whether anything comes in there at all. */
public final class CaptureTrial {
    private static final CaptureFilter EVERYTHING = new CaptureFilter("greater 0");

    private CaptureTrial() {}

    /**
     * Whether a packet came in on the interface within {@code patience}; returns with the first one.
     *
     * @throws CaptureException when there is no such interface, it is down, or it may not be listened to
     */
    public static boolean hears(String iface, Duration patience) throws CaptureException, IOException {
        Libpcap.require();
        long deadline = System.nanoTime() + patience.toNanos();
        try (CaptureHandle handle = CaptureHandle.open(iface, CaptureDepth.HEADERS)
                        .orElseThrow(() -> new CaptureException("there is no interface " + iface + ", or it is down"));
                Poller poller = new Poller()) {
            handle.filter(EVERYTHING);
            poller.watch(handle.fd(), () -> {});
            for (long left = patience.toMillis(); left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
                poller.poll(left);
                // What this host sent between the opening and IGNORE_OUTGOING wakes, too, and is sorted out here.
                if (handle.next()) {
                    return true;
                }
            }
            return false;
        }
    }
}
