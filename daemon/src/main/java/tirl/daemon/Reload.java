package tirl.daemon;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import tirl.config.Config;
import tirl.daemon.control.ControlException;
import tirl.daemon.systemd.NotifySocket;
import tirl.pipeline.Trial;

/**
 * The way from one configuration to another. Files are read by whoever wants it, not by the decision thread: thousands of
 * devices would keep it from everybody's packets.
 */
final class Reload {
    private final Daemon daemon;
    private final NotifySocket systemd;
    private final Pulse pulse;
    /** What was read first is taken up first. */
    private final Object order = new Object();

    Reload(Daemon daemon, NotifySocket systemd, Pulse pulse) {
        this.daemon = daemon;
        this.systemd = systemd;
        this.pulse = pulse;
    }

    /** One that may fail and then changes nothing. Decision thread only. */
    private interface Change {
        String make() throws ControlException;
    }

    /** For a signal: nobody waits for the answer. Any thread but the decision thread. */
    void byItself() {
        synchronized (order) {
            Change change = read();
            daemon.loop().post(() -> tell(change));
        }
    }

    private void tell(Change change) {
        try {
            daemon.log().notice("reloaded: " + announced(change));
        } catch (ControlException e) {
            daemon.log().error(e.reason() + "; keeping the running configuration");
        }
    }

    /**
     * Goes over to the file as it is now, or keeps everything as it is and says why. Half-done knocks go on. Any thread but
     * the decision thread.
     */
    String now() throws ControlException {
        synchronized (order) {
            Change change = read();
            return daemon.loop().call(() -> announced(change));
        }
    }

    /** A mistake in the file too is one for the decision thread: a service manager hears of the attempt and of its end. */
    private Change read() {
        try {
            Loaded next = Loaded.now(daemon.file(), daemon.log());
            Fresh fresh = Fresh.read(daemon, next.config());
            return () -> {
                daemon.trials().refuseAnother();
                daemon.change(fresh, Optional.empty());
                daemon.trials().settle(next.text());
                return daemon.summary();
            };
        } catch (ControlException e) {
            return () -> {
                daemon.trials().refuseAnother();
                throw e;
            };
        }
    }

    /** Begins a trial; {@code replaces} as {@link Trials#begin} has it. Any thread but the decision thread. */
    String tryOut(Loaded next, Path name, boolean replaces, Duration within) throws ControlException {
        synchronized (order) {
            Fresh fresh = Fresh.read(daemon, next.config());
            return daemon.loop().call(() -> daemon.trials().begin(next, fresh, name, replaces, within));
        }
    }

    /** For good, or on trial. Decision thread only. */
    void goOver(Fresh fresh, Optional<Trial> trial) throws ControlException {
        announced(() -> {
            daemon.change(fresh, trial);
            return "";
        });
    }

    /** The same for good. This reads on the decision thread: nobody else is there when a trial ends. */
    void goOver(Config fresh) throws ControlException {
        announced(() -> {
            daemon.change(Fresh.read(daemon, fresh), Optional.empty());
            return "";
        });
    }

    private String announced(Change change) throws ControlException {
        systemd.reloading(System.nanoTime());
        try {
            return change.make();
        } finally {
            pulse.soon();
            systemd.ready(daemon.status());
        }
    }
}
