package tirl.daemon.spa;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tirl.config.Config;
import tirl.config.Notation;
import tirl.daemon.control.ControlException;
import tirl.daemon.log.Log;
import tirl.daemon.store.Flusher;
import tirl.daemon.store.Store;
import tirl.daemon.store.StoreException;
import tirl.event.EventSink;
import tirl.linux.crypto.QuickX25519;
import tirl.packet.Packet;
import tirl.pipeline.Pipeline;
import tirl.spa.Refusal;
import tirl.spa.gate.SpaGate;

/**
 * All of SPA in the daemon; one, which lives as long as it does. Deaf until the configuration has {@code [spa]} and the
 * devices could be read, which is tried again while they cannot: doors work meanwhile. Decision thread only.
 */
public final class SpaPart implements AutoCloseable {
    private static final long RETRY_NS = Duration.ofSeconds(5).toNanos();

    private final Surroundings around;
    private final Claims claims;
    private final Agreements agreements;
    private final RawAnswers answers;
    private final Daemon daemon;
    private final SpaClock clock;
    private final Executor elsewhere;
    private Config config;
    private volatile @Nullable Working working;
    private boolean loading;
    private String trouble = "";
    private long tryNs;

    /** What there is once the devices are known. */
    private record Working(Devices devices, SpaReceiver receiver, EpochTables epochs, DeviceRequests requests) {}

    /**
     * What it needs of the daemon.
     *
     * @param decisionThread lets it do something soon; any thread
     * @param decisions lets it do something and waits for it
     * @param config the one in force
     */
    public record Daemon(
            Pipeline pipeline,
            EventSink events,
            Consumer<Runnable> decisionThread,
            DeviceRequests.Caller decisions,
            Supplier<Config> config,
            Log log) {}

    /** Reads the devices before it returns, if there are to be some. */
    public SpaPart(Config config, Store store, Flusher flusher, Daemon daemon) {
        this.config = config;
        this.daemon = daemon;
        clock = SpaClock.system();
        elsewhere = task -> Thread.ofPlatform().daemon().name("spa").start(task);
        claims = new Claims(store, flusher, daemon.decisionThread());
        agreements = new Agreements(daemon.decisionThread());
        answers = new RawAnswers(daemon.log()::warning);
        around = new Surroundings(
                store,
                claims,
                new PipelineLeases(daemon.pipeline(), clock.nanoTime()),
                clock.wall(),
                new SecureRandom(),
                daemon.log()::notice);
        config.spa().ifPresent(spa -> load(spa, Runnable::run, Runnable::run));
    }

    private void load(Config.Spa spa, Executor thread, Consumer<Runnable> then) {
        loading = true;
        thread.execute(() -> {
            try {
                // A packet that was made before this could be one that a lost or restored store does not know.
                SpaGate.Settings settings = SpaGate.Settings.at(clock.wall().millis());
                Devices devices = Devices.load(around, spa, settings);
                then.accept(() -> begin(devices));
            } catch (SpaException e) {
                then.accept(() -> fail(e.reason()));
            } catch (StoreException e) {
                then.accept(() -> fail(e.reason()));
            } catch (RuntimeException bug) {
                then.accept(() -> fail("a bug in tirl, please report it: " + bug));
            }
        });
    }

    private void begin(Devices devices) {
        loading = false;
        trouble = "";
        SpaReceiver receiver = new SpaReceiver(
                devices,
                agreements,
                claims,
                daemon.pipeline(),
                daemon.events(),
                new Answers(answers, bytes -> {
                    around.random().nextBytes(bytes);
                    return bytes;
                }),
                clock);
        receiver.follow(config);
        working = new Working(
                devices,
                receiver,
                new EpochTables(devices, elsewhere, daemon.decisionThread(), around.random()::nextLong),
                new DeviceRequests(devices, daemon.decisions(), daemon.config()));
        daemon.log()
                .notice("SPA is heard on " + place() + ", keys of devices and invitations: "
                        + devices.book().size() + ", key agreements by " + QuickX25519.by());
    }

    private void fail(String reason) {
        loading = false;
        tryNs = clock.nanoTime().getAsLong() + RETRY_NS;
        if (!trouble.equals(reason)) {
            trouble = reason;
            daemon.log().error("SPA is NOT heard: " + reason);
        }
    }

    /** Looks at a packet that arrived for this host. */
    public void on(Packet packet, long nowNs) {
        Working now = working;
        if (now != null) {
            now.receiver().on(packet, nowNs);
        }
    }

    /** What the files of devices said. */
    @FunctionalInterface
    public interface Reading {
        /** Takes it up, or changes nothing and says what is wrong. Decision thread only. */
        void follow() throws ControlException;
    }

    /** Reads the files of devices. Any thread, best not the decision thread: thousands take a while. Changes nothing. */
    public Reading read(Config fresh) throws ControlException {
        Working now = working;
        if (now == null || fresh.spa().isEmpty()) {
            return () -> {};
        }
        try {
            DeviceFiles.Reading files = now.devices().read(fresh.spa().get());
            return () -> follow(now.devices(), files);
        } catch (SpaException e) {
            throw new ControlException(e.reason(), e);
        }
    }

    private static void follow(Devices devices, DeviceFiles.Reading files) throws ControlException {
        try {
            devices.follow(files);
        } catch (SpaException e) {
            throw new ControlException(e.reason(), e);
        }
    }

    /** Listens where this configuration says. */
    public void follow(Config fresh) {
        config = fresh;
        Working now = working;
        if (now != null) {
            now.receiver().follow(fresh);
        } else {
            trouble = "";
            tryNs = clock.nanoTime().getAsLong();
        }
    }

    /** Whether {@link #beat} is wanted. */
    public boolean isWanted() {
        return config.spa().isPresent();
    }

    /** What time alone changes; to be called about once a second. */
    public void beat(long nowNs) {
        Working now = working;
        if (now != null) {
            long nowMs = clock.wall().millis();
            now.devices().expire(nowMs);
            now.devices().gate().clockIs(nowMs, nowNs);
            now.epochs().follow(nowMs);
        } else if (!loading && tryNs - nowNs <= 0) {
            config.spa().ifPresent(spa -> load(spa, elsewhere, daemon.decisionThread()));
        }
    }

    /** Answers what an administrator asks about devices. Any thread but the decision thread. */
    public Object answer(Map<String, Object> request) throws ControlException {
        Optional<DeviceRequests> requests = daemon.decisions().call(this::requests);
        if (requests.isEmpty()) {
            throw new ControlException("the devices are being read; try again in a moment");
        }
        return requests.get().answer(request);
    }

    private Optional<DeviceRequests> requests() throws ControlException {
        if (!isWanted()) {
            throw new ControlException(
                    "SPA is switched off: put a section [spa] into the configuration and `tirl reload`");
        }
        if (!trouble.isEmpty()) {
            throw new ControlException("SPA is not heard: " + trouble);
        }
        return Optional.ofNullable(working).map(Working::requests);
    }

    private String place() {
        return config.spa()
                .map(spa -> "udp/" + Notation.write(spa.ports()) + (spa.icmp() ? " and icmp/echo" : ""))
                .orElse("nothing");
    }

    /** For {@code tirl status}; empty without {@code [spa]}. */
    public Optional<Map<String, Object>> status() {
        if (!isWanted()) {
            return Optional.empty();
        }
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("hears", working == null ? "nothing" : place());
        Working now = working;
        if (now == null) {
            status.put("trouble", trouble.isEmpty() ? "the devices are being read" : trouble);
            return Optional.of(status);
        }
        SpaGate gate = now.devices().gate();
        Claims.Counts counts = claims.counts();
        status.put("agreements-by", QuickX25519.by());
        status.put("keys", now.devices().book().size());
        status.put("admitted", gate.admitted());
        status.put("denied", now.receiver().denied());
        status.put("waiting", agreements.waiting() + counts.waiting());
        status.put("not-written", counts.failed());
        status.put("answers", answers.sent());
        status.put("answers-failed", answers.failed());
        Map<String, Object> refused = new LinkedHashMap<>();
        for (Refusal reason : Refusal.values()) {
            refused.put(reason.name().toLowerCase(Locale.ROOT).replace('_', '-'), gate.refused(reason));
        }
        status.put("refused", refused);
        return Optional.of(status);
    }

    @Override
    public void close() {
        agreements.close();
        claims.close();
        answers.close();
        Working now = working;
        if (now != null) {
            now.devices().roster().server().wipe();
        }
    }
}
