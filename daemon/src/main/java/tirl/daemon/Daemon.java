package tirl.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import tirl.config.Config;
import tirl.daemon.control.ControlClient;
import tirl.daemon.control.ControlException;
import tirl.daemon.control.ControlServer;
import tirl.daemon.fwknop.FwknopPart;
import tirl.daemon.join.JoinKeeper;
import tirl.daemon.log.Log;
import tirl.daemon.spa.DeviceRequests;
import tirl.daemon.spa.SpaPart;
import tirl.daemon.store.Store;
import tirl.daemon.systemd.NotifySocket;
import tirl.daemon.trial.OwnFile;
import tirl.door.BreakGlass;
import tirl.door.Door;
import tirl.door.Hooks;
import tirl.event.Event;
import tirl.grant.FirewallException;
import tirl.grant.Lease;
import tirl.grant.Policy;
import tirl.linux.capture.CaptureException;
import tirl.linux.capture.CaptureListener;
import tirl.linux.capture.CaptureStatistics;
import tirl.linux.capture.Captures;
import tirl.linux.libc.Poller;
import tirl.linux.network.NetworkWatch;
import tirl.packet.Address;
import tirl.pipeline.BreakGlassWatch;
import tirl.pipeline.Pipeline;
import tirl.pipeline.Trial;

/**
 * A running tirl: the only place where the parts are put together. Its methods belong to the
 * decision thread.
 */
public final class Daemon implements AutoCloseable {
    private final Path file;
    private final Log log;
    private final SecureRandom random = new SecureRandom();
    private final Poller poller;
    private final NetworkWatch network;
    private final Firewalls firewall;
    private final EventHub events;
    private final DaemonStore store;
    private final Pipeline pipeline;
    private final PacketIntake intake;
    private final SpaPart spa;
    private final FwknopPart fwknop;
    private final BreakGlassWatch breakGlass;
    private final NotifySocket systemd =
            NotifySocket.of(System.getenv(), ProcessHandle.current().pid());
    private final Practice practice = new Practice();
    private final Pulse pulse;
    private final DecisionLoop loop;
    private final CaptureListener captureListener;
    private final Firewalls.Watch tableWatch;
    private final JoinKeeper join;
    private Config config;
    private DoorRecognisers recognisers;
    private Captures captures;
    private final Trials trials;
    private final Reload reload;

    private Daemon(Path file, Loaded loaded, Log log, boolean verbose) throws DaemonException {
        this.file = file;
        config = loaded.config();
        this.log = log;
        CompletableFuture<Store> opening = DaemonStore.opening(config, log);
        try {
            poller = new Poller();
            network = new NetworkWatch(poller);
            firewall = Firewalls.of(config, network::isLocal, poller::wakeUp, log);
            events = new EventHub(log, System::nanoTime, verbose);
            recognisers = recognisers(config);
            store = new DaemonStore(opening, log, this::hooksOf, this::takeBack);
            trials =
                    new Trials(this, new OwnFile(file), loaded, source -> network.isLocal(source.high(), source.low()));
            pipeline = new Pipeline(
                    recognisers.recogniser(),
                    new Policy(config.limits()),
                    firewall.firewall(),
                    store.ledger(),
                    trials.hearing(new HookEvents(events, store.commands(), this::hooksOf)));
            spa = store.spa(config, spaNeeds());
            fwknop = store.fwknop(spaNeeds());
            intake = new PacketIntake(pipeline, spa, fwknop, network);
            breakGlass = new BreakGlassWatch(firewall.breakGlass(), pipeline, log::warning);
            pulse = new Pulse(List.of(
                    new BreakGlassBeat(breakGlass, () -> trials().inKernel().breakGlass(), log),
                    trials,
                    new SpaBeat(spa),
                    new WatchdogBeat(systemd, this::status),
                    practice));
            loop = new DecisionLoop(poller, pipeline, pulse, intake::frames, log);
            reload = new Reload(this, systemd, pulse);
            captureListener = new CaptureLog(log);
            // Before the rules: if they are without break-glass now, its sets go.
            breakGlass.tell();
            pipeline.start(config, System.nanoTime());
            store.follow(pipeline.leases());
            BootTable.write(config, log);
            IpForwarding.missing(config).forEach(log::warning);
            Rehearsal rehearsal = new Rehearsal(
                    config,
                    firewall.firewall(),
                    network.ipv4(),
                    rehearsed -> new PacketIntake(rehearsed, spa, fwknop, network));
            rehearsal.play();
            join = new JoinKeeper(new JoinLog(log));
            tableWatch = firewall.watch(poller, loop::post, this::putBack, join::changed);
            join.start(config);
            fwknop.follow(FwknopPart.read(config), config);
            captures = capture(config, recognisers);
            events.follow(config);
            if (firewall instanceof Firewalls.Nftables) {
                practice.begin(rehearsal, () -> captures.rehearse());
            } else {
                practice.skip();
            }
        } catch (ControlException | IOException | FirewallException | CaptureException e) {
            throw new DaemonException(String.valueOf(e.getMessage()), e);
        }
    }

    private SpaPart.Daemon spaNeeds() {
        return new SpaPart.Daemon(pipeline, events, task -> loop().post(task), new Calls(), this::config, log);
    }

    private Hooks hooksOf(String door) {
        return config.doors().stream()
                .filter(known -> known.name().equals(door))
                .map(Door::hooks)
                .findFirst()
                .orElse(Hooks.NONE);
    }

    /** It opened in the kernel before it was known that its end cannot be written down. */
    private void takeBack(String door, Address source, String why) {
        loop().post(() -> {
            for (Lease lease : pipeline.leases()) {
                if (lease.label().equals(door) && lease.source().equals(source)) {
                    try {
                        pipeline.revoke(lease, System.nanoTime());
                    } catch (FirewallException e) {
                        log.error("a lease whose hooks were not run stays open: " + e.reason());
                    }
                }
            }
            events.accept(new Event.Denied(source, door, "its hooks need the store, and " + why));
        });
    }

    /** Reads the file, runs until it is told to stop, and leaves the guarded ports as shut as they were. */
    public static void serve(Path file, boolean verbose) throws DaemonException {
        Log log = Log.standardError();
        Loaded loaded = Loaded.atStart(file, log);
        Path control = loaded.config().control();
        refuseSecond(loaded.config());
        try (Daemon daemon = new Daemon(file, loaded, log, verbose)) {
            Requests requests = new Requests(daemon);
            try (ControlServer _ = new ControlServer(control, requests)) {
                Signals.handle(daemon.reload::byItself, _ -> daemon.loop.stop());
                log.notice("ready: " + daemon.summary());
                daemon.systemd.ready(daemon.status());
                Config first = daemon.config;
                CompletableFuture<Void> exercises =
                        Exercises.begin(() -> daemon.store.exercises(first, new Rehearsal.Listening()), Practice.PLAYS);
                Settling.begin(
                        CompletableFuture.allOf(daemon.practice.over(), exercises),
                        () -> daemon.loop.post(daemon.practice::again));
                daemon.loop.run();
                daemon.systemd.stopping();
                requests.finish();
            } catch (IOException e) {
                throw new DaemonException("the control socket " + control + ": " + e.getMessage(), e);
            }
        }
        log.notice("stopped");
    }

    /** Two daemons would both answer to every knock. */
    private static void refuseSecond(Config config) throws DaemonException {
        try {
            new ControlClient(config.control()).ask(Map.of("command", "status"));
        } catch (ControlException nobodyThere) {
            return;
        }
        throw new DaemonException("a daemon is running already and answers at " + config.control()
                + "; stop it with `tirl stop --keep`, or make it read its file anew with `tirl reload`");
    }

    private DoorRecognisers recognisers(Config of) {
        return new DoorRecognisers(of, random::nextLong, log, () -> loop().post(this::setFilter));
    }

    /** A new sequence may have a port that was public, or outside of the guarded range. */
    private void setFilter() {
        try {
            captures.filter(recognisers.filter());
        } catch (CaptureException e) {
            log.error(String.valueOf(e.getMessage()));
        }
    }

    private Captures capture(Config of, DoorRecognisers hearing) throws IOException, CaptureException {
        Captures fresh = new Captures(poller, network, of.interfaces(), intake, captureListener, CaptureLog.depth(of));
        fresh.filter(hearing.filter());
        return fresh;
    }

    String summary() {
        return Summary.of(config);
    }

    /** One line for {@code systemctl status}. */
    String status() {
        return config.doors().size() + " doors, " + pipeline.leaseCount() + " leases; " + summary();
    }

    Reload reload() {
        return reload;
    }

    /** Goes over to another configuration, or throws and leaves everything as it is. */
    void change(Fresh next, Optional<Trial> trial) throws ControlException {
        Config fresh = next.config();
        Firewalls.refuseChange(config, fresh);
        next.devices().follow();
        DoorRecognisers nextRecognisers = sameKnocks(fresh) ? recognisers : recognisers(fresh);
        try {
            Optional<BreakGlass> glass = trials.inKernel().breakGlass();
            if (glass.isPresent()) {
                breakGlass.takeOver(glass.get(), System.nanoTime());
            }
            pipeline.reload(fresh, nextRecognisers.recogniser(), trial, System.nanoTime());
            if (fresh.interfaces().equals(config.interfaces()) && CaptureLog.depth(fresh) == CaptureLog.depth(config)) {
                captures.filter(nextRecognisers.filter());
            } else {
                Captures old = captures;
                captures = capture(fresh, nextRecognisers);
                old.close();
            }
        } catch (FirewallException | CaptureException | IOException e) {
            throw new ControlException(String.valueOf(e.getMessage()), e);
        }
        IpForwarding.missing(fresh).forEach(log::warning);
        if (!fresh.control().equals(config.control())) {
            log.warning("control: the socket moves to " + fresh.control() + " at the next start only");
        }
        recognisers = nextRecognisers;
        config = fresh;
        spa.follow(fresh);
        fwknop.follow(next.fwknop(), fresh);
        join.follow(fresh);
        events.follow(fresh);
        if (trial.isEmpty()) {
            BootTable.write(fresh, log);
        }
    }

    /** A firewall service that begins with a flush would otherwise leave the guarded ports open to everyone. */
    private void putBack() {
        try {
            pipeline.restore(config, System.nanoTime());
            pulse.soon();
            log.warning("somebody took " + place() + " away (a flush of all rules?); it is back, with "
                    + pipeline.leaseCount() + " leases");
        } catch (FirewallException e) {
            log.error(place() + " was taken away and cannot be put back, guarded ports are OPEN: " + e.reason());
        }
    }

    /** Files of one-time sequences are read anew, so with them nothing is the same. */
    private boolean sameKnocks(Config fresh) {
        return fresh.doors().stream().allMatch(door -> door.oneTimeFile().isEmpty())
                && fresh.doors().equals(config.doors())
                && fresh.services().equals(config.services())
                && fresh.publicPorts().equals(config.publicPorts())
                && fresh.spa().equals(config.spa())
                && fresh.guardedRange().equals(config.guardedRange())
                && fresh.limits().equals(config.limits());
    }

    /** Takes the kernel table away: the guarded ports are open to everyone again. */
    void unguard() throws FirewallException {
        store.commands().shutAll();
        pipeline.forget();
        firewall.firewall().uninstall();
        try {
            BootTable.remove(config.state());
        } catch (IOException e) {
            log.error("at the next boot the ports are shut again: " + e.getMessage());
        }
    }

    /** Where the rules are, in words. */
    String place() {
        return firewall.place();
    }

    Config config() {
        return config;
    }

    Path file() {
        return file;
    }

    Trials trials() {
        return trials;
    }

    Optional<String> storeTrouble() {
        return store.trouble();
    }

    SpaPart spa() {
        return spa;
    }

    FwknopPart fwknop() {
        return fwknop;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    DecisionLoop loop() {
        return loop;
    }

    EventHub events() {
        return events;
    }

    PacketIntake intake() {
        return intake;
    }

    Log log() {
        return log;
    }

    List<CaptureStatistics> captureStatistics() {
        return captures.statistics();
    }

    @Override
    public void close() {
        spa.close();
        fwknop.close();
        store.close();
        events.close();
        systemd.close();
        join.close();
        tableWatch.close();
        captures.close();
        network.close();
        poller.close();
    }

    /** For threads of connections; the loop is made later than who has this. */
    private final class Calls implements DeviceRequests.Caller {
        @Override
        public <T> T call(Callable<T> task) throws ControlException {
            return loop.call(task);
        }
    }
}
