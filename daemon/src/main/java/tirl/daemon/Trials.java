package tirl.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tirl.config.Config;
import tirl.config.Notation;
import tirl.daemon.control.ControlException;
import tirl.daemon.log.Log;
import tirl.daemon.trial.ConfirmedText;
import tirl.daemon.trial.OwnFile;
import tirl.device.DeviceLabel;
import tirl.event.EventSink;
import tirl.packet.Address;
import tirl.pipeline.Trial;

/**
 * Trials of configurations: one at a time, which ends by a confirmation or by going back. The kernel goes back by itself
 * from what could lock out; this brings the rest back, a moment later at most. Belongs to the decision thread.
 */
final class Trials implements Pulse.Beat {
    static final Duration DEFAULT_TIME = Duration.ofMinutes(1);
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofHours(1);
    /** Between the kernel's end of a trial and ours. */
    private static final long LOOK_NS = 100_000_000L;

    private static final long RETRY_NS = 1_000_000_000L;

    private final Daemon daemon;
    private final OwnFile ownFile;
    private final Predicate<Address> inside;
    /** What the last confirmed configuration was read from. */
    private String text;

    private ConfirmedText kept;
    private boolean inPlaceOfFile;
    private Optional<Running> running = Optional.empty();
    private long retryNs;

    /**
     * @param name for messages
     * @param replaces whether the text comes into the daemon's own file when it is confirmed
     */
    private record Running(String name, String text, boolean replaces, Trial trial) {}

    /** @param inside tells addresses of this host: a knock from there shows nothing */
    Trials(Daemon daemon, OwnFile ownFile, Loaded loaded, Predicate<Address> inside) {
        this.daemon = daemon;
        this.ownFile = ownFile;
        this.inside = inside;
        text = loaded.text();
        inPlaceOfFile = loaded.inPlaceOfFile();
        kept = new ConfirmedText(loaded.config().state());
    }

    /** The configuration that the kernel goes back to, or has for good. */
    Config inKernel() {
        return running.map(now -> now.trial().confirmed()).orElseGet(daemon::config);
    }

    /** Whether the daemon's file was tried, not confirmed, and is not used. */
    boolean isFileHeldBack() {
        return inPlaceOfFile && running.isEmpty();
    }

    /** Begins one, or throws and leaves everything as it is. */
    String begin(Loaded next, Fresh fresh, Path name, boolean replaces, Duration within) throws ControlException {
        refuseAnother();
        refuseWhatCannotGoBack(next.config(), within);
        try {
            if (replaces) {
                ownFile.checkReplaceable();
            }
        } catch (IOException e) {
            throw new ControlException(
                    "not tried: once confirmed, it could not take the place of the daemon's file: " + e.getMessage(),
                    e);
        }
        try {
            kept.keep(text);
        } catch (IOException e) {
            throw new ControlException(
                    "not tried: the configuration to go back to cannot be kept at " + kept.file() + ": "
                            + e.getMessage(),
                    e);
        }
        Config confirmed = daemon.config();
        Trial trial = new Trial(confirmed, System.nanoTime() + within.toNanos());
        running = Optional.of(new Running(name.toString(), next.text(), replaces, trial));
        try {
            daemon.reload().goOver(fresh, Optional.of(trial));
        } catch (ControlException e) {
            throw undone(e);
        }
        boolean otherGlass = !confirmed.breakGlass().equals(next.config().breakGlass());
        String told = name + ": " + daemon.summary()
                + (otherGlass ? "; until it is confirmed, break-glass stays as it was" : "");
        log().notice("on trial for " + Notation.write(within) + ": " + told
                + "; `tirl confirm` or a knock from outside keeps it");
        return told;
    }

    private ControlException undone(ControlException why) {
        try {
            goBack("it could not be put in force");
            return why;
        } catch (ControlException worse) {
            return new ControlException(why.reason() + "; going back: " + worse.reason(), why);
        }
    }

    void refuseAnother() throws ControlException {
        if (running.isPresent()) {
            throw new ControlException(running.get().name() + " is on trial for " + left(running.get())
                    + " more; end that first: `tirl confirm` keeps it, `tirl rollback` goes back");
        }
    }

    /** What a trial would change for good, or so that nobody could end it. */
    private void refuseWhatCannotGoBack(Config next, Duration within) throws ControlException {
        Config now = daemon.config();
        if (!next.control().equals(now.control())) {
            throw new ControlException("not tried: control is " + now.control() + " and would be " + next.control()
                    + "; a trial cannot move the control socket");
        }
        if (!next.state().equals(now.state())) {
            throw new ControlException("not tried: state is " + now.state() + " and would be " + next.state()
                    + "; a trial cannot move what must survive a restart");
        }
        if (next.firewall() != now.firewall()) {
            throw new ControlException("not tried: a trial cannot change firewall, the way to enforce leases");
        }
        if (within.compareTo(LEAST) < 0 || within.compareTo(MOST) > 0) {
            throw new ControlException("not tried: a trial takes " + Notation.write(LEAST) + " to "
                    + Notation.write(MOST) + ", not " + Notation.write(within));
        }
    }

    /** By a person, or by a knock. */
    String confirm(String by) throws ControlException {
        Running now = running.orElseThrow(() -> new ControlException("nothing is on trial"));
        if (now.trial().isOver(System.nanoTime())) {
            throw new ControlException("the time of " + now.name() + " is over; it goes back now");
        }
        daemon.reload().goOver(daemon.config());
        running = Optional.empty();
        log().notice("confirmed by " + by + ": " + now.name() + ": " + daemon.summary());
        String done = now.name() + " is confirmed: " + daemon.summary();
        try {
            if (now.replaces()) {
                ownFile.replace(now.text(), text);
            }
        } catch (IOException e) {
            return done + "; " + withoutFile(now, e);
        }
        settle(now.text());
        return done;
    }

    /** What was confirmed is in force, also after a restart, whatever is wrong with the file. */
    private String withoutFile(Running confirmed, IOException why) {
        String trouble = "BUT the daemon's file could not be replaced: " + why.getMessage() + "; copy "
                + confirmed.name() + " over it by hand, then `tirl reload`";
        try {
            kept.keep(confirmed.text());
            text = confirmed.text();
            inPlaceOfFile = true;
        } catch (IOException worse) {
            trouble += "; until then a restart goes back: " + worse.getMessage();
        }
        log().error("confirmed, " + trouble);
        return trouble;
    }

    /** What is in force was read from this text, and the file says so. */
    void settle(String inForce) {
        text = inForce;
        inPlaceOfFile = false;
        try {
            kept.drop();
        } catch (IOException e) {
            log().error("a restart would go back to the configuration before: remove " + kept.file() + ": "
                    + e.getMessage());
        }
        kept = new ConfirmedText(daemon.config().state());
    }

    /** Goes back at once. */
    String goBack(String why) throws ControlException {
        Running now = running.orElseThrow(() -> new ControlException("nothing is on trial"));
        daemon.reload().goOver(now.trial().confirmed());
        running = Optional.empty();
        log().warning("went back from " + now.name() + ", " + why + ": " + daemon.summary());
        try {
            // A file that was tried and is still there would otherwise be used by the next start.
            inPlaceOfFile = !ownFile.says(text);
            if (inPlaceOfFile) {
                log().warning("the daemon's file is as it was tried: a restart does not use it, `tirl reload` does");
            } else {
                kept.drop();
            }
        } catch (IOException e) {
            log().error(String.valueOf(e.getMessage()));
        }
        return "back at the configuration before: " + daemon.summary();
    }

    /** Listens for the knock that confirms. */
    EventSink hearing(EventSink next) {
        return new TrialEvents(next, this::opened);
    }

    /** A door of the configuration on trial let somebody in, or SPA did. */
    private void opened(Address source, String door) {
        if (running.isEmpty()
                || inside.test(source)
                || source.isLoopback()
                || !(DeviceLabel.device(door).isPresent()
                        || daemon.config().doors().stream()
                                .anyMatch(known -> known.name().equals(door)))) {
            return;
        }
        Running heard = running.get();
        // Not in the middle of a knock: its rules would change under it.
        daemon.loop().post(() -> {
            try {
                if (running.filter(heard::equals).isPresent()) {
                    confirm("a knock of " + source + " at " + door);
                }
            } catch (ControlException e) {
                log().error("not confirmed by the knock of " + source + ": " + e.reason());
            }
        });
    }

    @Override
    public long intervalNs() {
        return running.isPresent() ? LOOK_NS : Pulse.NEVER;
    }

    @Override
    public void beat(long nowNs) {
        if (running.isEmpty() || !running.get().trial().isOver(nowNs) || retryNs - nowNs > 0) {
            return;
        }
        try {
            goBack("which nobody confirmed");
        } catch (ControlException e) {
            log().error("going back: " + e.reason()
                    + "; what could lock out is gone, for the rest this is tried again");
            retryNs = nowNs + RETRY_NS;
        }
    }

    /** For {@code tirl status}. */
    Optional<Map<String, Object>> status() {
        return running.map(now -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", now.name());
            fields.put("left", EventText.seconds(now.trial().left(System.nanoTime())));
            return fields;
        });
    }

    /** The daemon ends: what becomes of a trial. */
    void tellAtEnd() {
        running.ifPresent(now -> log().warning(now.name() + " is on trial and not confirmed: the kernel goes back in "
                + left(now) + ", and the next start uses the configuration before"));
    }

    private static String left(Running now) {
        return Notation.write(Duration.ofSeconds(
                now.trial().left(System.nanoTime()).plusMillis(999).toSeconds()));
    }

    private Log log() {
        return daemon.log();
    }
}
