package tirl.daemon;

import java.time.Duration;
import java.util.function.Supplier;
import tirl.daemon.systemd.NotifySocket;

/** The heartbeat that systemd waits for, and the line that {@code systemctl status} shows. */
final class WatchdogBeat implements Pulse.Beat {
    /** How old the status may be. */
    private static final long STATUS_NS = Duration.ofSeconds(10).toNanos();

    private final NotifySocket systemd;
    private final Supplier<String> status;
    private final long intervalNs;

    WatchdogBeat(NotifySocket systemd, Supplier<String> status) {
        this.systemd = systemd;
        this.status = status;
        // Half of the time that systemd allows, as sd_watchdog_enabled(3) recommends.
        long watchdogNs = systemd.watchdogNs().map(limit -> limit / 2).orElse(STATUS_NS);
        intervalNs = systemd.isConnected() ? Math.min(STATUS_NS, watchdogNs) : Pulse.NEVER;
    }

    @Override
    public long intervalNs() {
        return intervalNs;
    }

    @Override
    public void beat(long nowNs) {
        systemd.alive(status.get());
    }
}
