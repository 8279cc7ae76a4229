package tirl.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tirl.config.Config;
import tirl.config.Problem;
import tirl.daemon.command.CommandLimits;
import tirl.daemon.command.Commands;
import tirl.daemon.config.ConfigReader;
import tirl.daemon.config.ConfigResult;
import tirl.daemon.control.ControlClient;
import tirl.daemon.control.ControlException;
import tirl.daemon.control.ControlServer;
import tirl.daemon.hooks.DoorCommands;
import tirl.daemon.journal.DueJournal;
import tirl.daemon.journal.JournalException;
import tirl.daemon.log.Log;
import tirl.door.Door;
import tirl.door.Hooks;
import tirl.event.EventSink;
import tirl.grant.Firewall;
import tirl.grant.FirewallException;
import tirl.grant.Policy;
import tirl.linux.capture.CaptureException;
import tirl.linux.capture.CaptureListener;
import tirl.linux.capture.CaptureStatistics;
import tirl.linux.capture.Captures;
import tirl.linux.firewall.NftablesFirewall;
import tirl.linux.firewall.TableWatch;
import tirl.linux.libc.Poller;
import tirl.linux.network.NetworkWatch;
import tirl.pipeline.Pipeline;
import tirl.recognise.Recogniser;
import tirl.recognise.Recognisers;
import tirl.recognise.SequenceRecogniser;
import tirl.ruleset.CaptureFilter;

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
    private final Firewall firewall;
    private final EventHub events;
    private final Pipeline pipeline;
    private final PacketIntake intake;
    private final DecisionLoop loop;
    private final CaptureListener captureListener;
    private final TableWatch tableWatch;
    private Config config;
    private Recogniser recogniser;
    private Captures captures;
    private List<OneTimeRecogniser> oneTime = List.of();
    private final Optional<DoorCommands> commands;

    private Daemon(Path file, Config config, Log log, boolean verbose) throws DaemonException {
        this.file = file;
        this.config = config;
        this.log = log;
        try {
            poller = new Poller();
            network = new NetworkWatch(poller);
            firewall = new NftablesFirewall(network::isLocal, poller::wakeUp);
            events = new EventHub(log, System::nanoTime, verbose);
            recogniser = recogniser(config);
            commands = commands(config);
            pipeline = new Pipeline(recogniser, new Policy(config.limits()), firewall, sink());
            intake = new PacketIntake(pipeline, network);
            loop = new DecisionLoop(poller, pipeline, log);
            captureListener = new CaptureLog(log);
            pipeline.start(config, System.nanoTime());
            IpForwarding.missing(config.services()).forEach(log::warning);
            tableWatch = new TableWatch(poller, this::putBack);
            captures = capture(config);
        } catch (IOException | FirewallException | CaptureException | JournalException e) {
            throw new DaemonException(String.valueOf(e.getMessage()), e);
        }
    }

    private EventSink sink() {
        return commands.isPresent() ? new HookEvents(events, commands.get(), this::hooksOf) : events;
    }

    private Hooks hooksOf(String door) {
        return config.doors().stream()
                .filter(known -> known.name().equals(door))
                .map(Door::hooks)
                .findFirst()
                .orElse(Hooks.NONE);
    }

    /** Only a configuration with hooks needs the journal, and a directory to keep it in. */
    private Optional<DoorCommands> commands(Config of) throws IOException, JournalException {
        if (of.doors().stream().allMatch(door -> door.hooks().isNone())) {
            return Optional.empty();
        }
        return Optional.of(new DoorCommands(
                new Commands(Path.of("/"), CommandLimits.STANDARD, Duration.ofSeconds(10)),
                DueJournal.load(of.state().resolve("hooks"), log::warning),
                InstantSource.system(),
                false,
                new HookLog(log)));
    }

    /** Reads the file, runs until it is told to stop, and leaves the guarded ports as shut as they were. */
    public static void serve(Path file, boolean verbose) throws DaemonException {
        Log log = Log.standardError();
        ConfigResult read = ConfigReader.read(file);
        read.problems().forEach(problem -> report(log, file, problem));
        Config config =
                read.config().orElseThrow(() -> new DaemonException(file + " has mistakes; nothing was started"));
        refuseSecond(config);
        try (Daemon daemon = new Daemon(file, config, log, verbose)) {
            Requests requests = new Requests(daemon);
            try (ControlServer _ = new ControlServer(config.control(), requests)) {
                Signals.handle(() -> daemon.loop.post(daemon::reloadAndTell), _ -> daemon.loop.stop());
                log.notice("ready: " + daemon.summary());
                daemon.loop.run();
                requests.finish();
            } catch (IOException e) {
                throw new DaemonException("the control socket " + config.control() + ": " + e.getMessage(), e);
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

    private static void report(Log log, Path file, Problem problem) {
        String text = problem.at(file.toString());
        if (problem.isError()) {
            log.error(text);
        } else {
            log.notice(text);
        }
    }

    private Recogniser recogniser(Config of) {
        oneTime = oneTime(of);
        List<Door> plain =
                of.doors().stream().filter(door -> door.oneTimeFile().isEmpty()).toList();
        List<Recogniser> all = new ArrayList<>();
        all.add(new SequenceRecogniser(of.withDoors(plain), random.nextLong()));
        all.addAll(oneTime);
        return all.size() == 1 ? all.getFirst() : new Recognisers(all);
    }

    private List<OneTimeRecogniser> oneTime(Config of) {
        List<OneTimeRecogniser> readable = new ArrayList<>();
        for (Door door : of.doors()) {
            if (door.oneTimeFile().isPresent()) {
                try {
                    readable.add(OneTimeRecogniser.read(
                            door,
                            door.oneTimeFile().get(),
                            now -> new SequenceRecogniser(of.withDoors(List.of(now)), random.nextLong()),
                            log::warning,
                            () -> loop().post(this::setFilter)));
                } catch (IOException e) {
                    log.error("door " + door.name() + " stays shut: its one-time sequences cannot be read: "
                            + e.getMessage());
                }
            }
        }
        return readable;
    }

    /** A new sequence may have a port that was public, or outside of the guarded range. */
    private void setFilter() {
        try {
            captures.filter(filter(config));
        } catch (CaptureException e) {
            log.error(String.valueOf(e.getMessage()));
        }
    }

    private CaptureFilter filter(Config of) {
        List<Door> doors = new ArrayList<>(
                of.doors().stream().filter(door -> door.oneTimeFile().isEmpty()).toList());
        oneTime.forEach(one -> doors.add(one.doorNow()));
        return CaptureFilter.of(of.withDoors(doors));
    }

    private Captures capture(Config of) throws IOException, CaptureException {
        Captures fresh = new Captures(poller, network, of.interfaces(), intake, captureListener);
        fresh.filter(filter(of));
        return fresh;
    }

    private String summary() {
        String guarded = config.services().stream()
                .flatMap(service -> service.ports().stream())
                .distinct()
                .map(Object::toString)
                .collect(Collectors.joining(", "));
        String doors = config.doors().stream().map(Door::name).collect(Collectors.joining(", "));
        return "guarding " + (guarded.isEmpty() ? "nothing" : guarded) + "; doors: "
                + (doors.isEmpty() ? "none" : doors) + "; listening on " + String.join(", ", config.interfaces());
    }

    private void reloadAndTell() {
        try {
            log.notice("reloaded: " + reload());
        } catch (ControlException e) {
            log.error(e.reason() + "; keeping the running configuration");
        }
    }

    /** Goes over to the file as it is now, or keeps everything as it is and says why. Half-done knocks go on. */
    String reload() throws ControlException {
        ConfigResult read = ConfigReader.read(file);
        Optional<Config> next = read.config();
        if (next.isEmpty()) {
            throw new ControlException(read.problems().stream()
                    .map(problem -> problem.at(file.toString()))
                    .collect(Collectors.joining("; ")));
        }
        read.problems().forEach(problem -> report(log, file, problem));
        Config fresh = next.get();
        List<OneTimeRecogniser> oneTimeBefore = oneTime;
        Recogniser nextRecogniser = sameKnocks(fresh) ? recogniser : recogniser(fresh);
        try {
            pipeline.reload(fresh, nextRecogniser);
            if (fresh.interfaces().equals(config.interfaces())) {
                captures.filter(filter(fresh));
            } else {
                Captures old = captures;
                captures = capture(fresh);
                old.close();
            }
        } catch (FirewallException | CaptureException | IOException e) {
            oneTime = oneTimeBefore;
            throw new ControlException(String.valueOf(e.getMessage()), e);
        }
        if (commands.isEmpty()
                && fresh.doors().stream().anyMatch(door -> !door.hooks().isNone())) {
            log.warning("start, stop: these first hooks of the file are run after the next start only");
        }
        IpForwarding.missing(fresh.services()).forEach(log::warning);
        if (!fresh.control().equals(config.control())) {
            log.warning("control: the socket moves to " + fresh.control() + " at the next start only");
        }
        recogniser = nextRecogniser;
        config = fresh;
        return summary();
    }

    /** A firewall service that begins with a flush would otherwise leave the guarded ports open to everyone. */
    private void putBack() {
        try {
            pipeline.restore(config, System.nanoTime());
            log.warning("somebody took the table inet tirl away (a flush of all rules?); it is back, with "
                    + pipeline.leases().size() + " leases");
        } catch (FirewallException e) {
            log.error(
                    "the table inet tirl was taken away and cannot be put back, guarded ports are OPEN: " + e.reason());
        }
    }

    private boolean sameKnocks(Config fresh) {
        return fresh.doors().equals(config.doors())
                && fresh.services().equals(config.services())
                && fresh.publicPorts().equals(config.publicPorts())
                && fresh.guardedRange().equals(config.guardedRange())
                && fresh.limits().equals(config.limits());
    }

    /** Takes the kernel table away: the guarded ports are open to everyone again. */
    void unguard() throws FirewallException {
        commands.ifPresent(DoorCommands::shutAll);
        firewall.uninstall();
    }

    Config config() {
        return config;
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
        commands.ifPresent(DoorCommands::close);
        tableWatch.close();
        captures.close();
        network.close();
        poller.close();
    }

    /** Tells when an interface is heard and when it is not. */
    private record CaptureLog(Log log) implements CaptureListener {
        @Override
        public void opened(String iface) {
            log.notice("listening on " + iface);
        }

        @Override
        public void lost(String iface, String reason) {
            log.warning("not listening on " + iface + ": " + reason);
        }
    }
}
