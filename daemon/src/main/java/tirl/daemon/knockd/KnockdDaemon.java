package tirl.daemon.knockd;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import tirl.daemon.DaemonException;
import tirl.daemon.Signals;
import tirl.daemon.background.Background;
import tirl.daemon.background.PidFile;
import tirl.daemon.command.CommandLimits;
import tirl.daemon.command.Commands;
import tirl.daemon.hooks.DoorCommands;
import tirl.daemon.journal.DueJournal;
import tirl.daemon.journal.Entry;
import tirl.daemon.store.Store;
import tirl.daemon.store.StoreThread;
import tirl.knockd.KnockdCommands;
import tirl.knockd.KnockdConfig;
import tirl.knockd.KnockdConfigParser;
import tirl.knockd.KnockdConfigResult;
import tirl.knockd.KnockdFilter;
import tirl.knockd.KnockdMessages;
import tirl.knockd.KnockdOutcome;
import tirl.knockd.KnockdRecogniser;
import tirl.linux.capture.CaptureException;
import tirl.linux.capture.CaptureListener;
import tirl.linux.capture.Captures;
import tirl.linux.libc.Poller;
import tirl.linux.network.NetworkWatch;
import tirl.packet.Address;
import tirl.packet.DecodeOutcome;
import tirl.packet.LinkType;
import tirl.packet.Packet;
import tirl.packet.PacketDecoder;
import tirl.ruleset.CaptureFilter;

/** A running knockd. Its methods belong to the decision thread, but for the two that signals call. */
public final class KnockdDaemon {
    /** Sources with a half-done sequence. */
    private static final int CAPACITY = 65_536;

    private static final int EXPIRE_MILLIS = 1_000;

    private final KnockdSettings settings;
    private final KnockdLog log;
    private final DoorCommands commands;
    private final Poller poller = new Poller();
    private final NetworkWatch network = new NetworkWatch(poller);
    private final Packet packet = new Packet();
    private final PacketDecoder decoder = new PacketDecoder(packet);
    private final SecureRandom random = new SecureRandom();
    private final Captures captures;
    private KnockdConfig config;
    private OneTimeDoors oneTime;
    private KnockdRecogniser recogniser;
    private volatile int signal;
    private volatile boolean reloadWanted;

    private KnockdDaemon(
            KnockdSettings settings, KnockdConfig config, KnockdLog log, DoorCommands commands, String iface)
            throws IOException, CaptureException {
        this.settings = settings;
        this.config = config;
        this.log = log;
        this.commands = commands;
        oneTime = OneTimeDoors.read(config.doors(), log::message, KnockdDaemon::warn);
        recogniser = recogniser();
        captures = new Captures(poller, network, List.of(iface), this::onFrame, new Hearing());
        captures.filter(filter());
    }

    /**
     * Runs until a signal ends it.
     *
     * @return the exit code, which for knockd is the number of that signal
     */
    public static int serve(KnockdSettings settings) throws DaemonException {
        KnockdConfig config = read(settings.configFile());
        String iface = settings.iface().or(() -> config.options().iface()).orElse(KnockdSettings.DEFAULT_INTERFACE);
        try (KnockdLog log =
                new KnockdLog(System.out::println, settings.verbose() || settings.debug(), settings.lookUp())) {
            log.use(
                    config.options().logFile().or(settings::logFile),
                    config.options().useSyslog());
            int signal;
            try (Store store = new Store(settings.state(), System::nanoTime, KnockdDaemon::warn);
                    StoreThread writing = new StoreThread();
                    DoorCommands commands = commands(settings, log, store, writing)) {
                KnockdDaemon daemon = new KnockdDaemon(settings, config, log, commands, iface);
                signal = daemon.serve(iface);
                log.aside(KnockdMessages.waitingForChildren());
                commands.shutAll();
            }
            log.quiet(KnockdMessages.shuttingDown());
            log.aside(KnockdMessages.closing());
            return signal;
        } catch (IOException | CaptureException e) {
            throw new DaemonException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Runs until a signal comes, and gives its number. */
    private int serve(String iface) throws IOException {
        Optional<PidFile> pidFile = pidFile();
        try {
            Signals.handle(this::wantReload, this::endBy);
            if (settings.background()) {
                Background.ready();
            }
            log.quiet(KnockdMessages.startingUp(iface));
            log.aside(KnockdMessages.listening(iface));
            run();
            return signal;
        } finally {
            if (pidFile.isPresent()) {
                pidFile.get().close();
            }
        }
    }

    private Optional<PidFile> pidFile() {
        if (!settings.background()) {
            return Optional.empty();
        }
        String path = config.options().pidFile().or(settings::pidFile).orElse(KnockdSettings.DEFAULT_PID_FILE);
        try {
            return Optional.of(PidFile.create(Path.of(path)));
        } catch (IOException e) {
            log.message(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static DoorCommands commands(KnockdSettings settings, KnockdLog log, Store store, StoreThread writing)
            throws IOException {
        DueJournal journal = new DueJournal(store, writing, settings.state(), KnockdDaemon::warn);
        writing.add(journal);
        writing.add(store);
        Path directory = settings.background() ? Path.of("/") : Path.of("").toAbsolutePath();
        CommandLimits limits =
                CommandLimits.STANDARD.withRunning(settings.maxCommands()).withTime(settings.commandLimit());
        DoorCommands commands = new DoorCommands(
                new Commands(directory, limits, Duration.ofSeconds(10)),
                journal,
                InstantSource.system(),
                settings.repeat(),
                new CommandLog(log, settings.explain()));
        commands.takeOver(Entry::due);
        return commands;
    }

    /** Reads a configuration, or says what knockd would say. */
    static KnockdConfig read(Path file) throws DaemonException {
        String text;
        try {
            // knockd reads bytes; this way every byte is a character and comes out as it was.
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            String reason = Files.exists(file) ? "Permission denied" : "No such file or directory";
            throw new DaemonException(KnockdMessages.cannotRead(file.toString(), reason), e);
        }
        return switch (KnockdConfigParser.parse(text)) {
            case KnockdConfigResult.Refused(var _, var message) -> throw new DaemonException(message);
            case KnockdConfigResult.Accepted(var config, var warnings) -> {
                warnings.forEach(warning -> warn(warning.at(file.toString())));
                yield config;
            }
        };
    }

    private static void warn(String message) {
        System.err.println(message);
    }

    private KnockdRecogniser recogniser() {
        return new KnockdRecogniser(oneTime.withCurrent(config.doors()), CAPACITY, random.nextLong());
    }

    private CaptureFilter filter() {
        return settings.strict() ? KnockdFilter.withTouches(recogniser.doors()) : KnockdFilter.of(recogniser.doors());
    }

    private void run() throws IOException {
        while (signal == 0) {
            poller.poll(recogniser.halfDone() > 0 ? EXPIRE_MILLIS : -1);
            recogniser.expire(nowSeconds(), this::told);
            if (reloadWanted) {
                reloadWanted = false;
                reload();
            }
        }
        captures.close();
        network.close();
    }

    private void wantReload() {
        reloadWanted = true;
        poller.wakeUp();
    }

    private void endBy(int number) {
        signal = number;
        poller.wakeUp();
    }

    /** knockd exits on a bad file; this keeps the good one. */
    private void reload() {
        log.message(KnockdMessages.rereadingConfig(settings.configFile().toString()));
        try {
            config = read(settings.configFile());
        } catch (DaemonException e) {
            warn(e.getMessage() + "; keeping the running configuration");
            log.message("tirl: " + e.getMessage() + "; keeping the running configuration");
            return;
        }
        Optional<String> logFile = config.options().logFile().or(settings::logFile);
        logFile.ifPresent(path -> {
            log.aside(KnockdMessages.closingLog(path));
            log.meanwhile(KnockdMessages.reopeningLog(path));
        });
        log.use(logFile, config.options().useSyslog());
        oneTime = OneTimeDoors.read(config.doors(), log::message, KnockdDaemon::warn);
        recogniser = recogniser();
        setFilter();
    }

    private void setFilter() {
        try {
            captures.filter(filter());
        } catch (CaptureException e) {
            log.message("tirl: " + e.getMessage());
        }
    }

    private static long nowSeconds() {
        return System.currentTimeMillis() / 1000;
    }

    private void onFrame(MemorySegment memory, long offset, int captured, LinkType link) {
        if (decoder.decode(memory, offset, captured, link) != DecodeOutcome.DECODED
                || (settings.onlyIpv4() && !packet.isIpv4())) {
            return;
        }
        boolean local = network.isLocal(packet.destinationHigh(), packet.destinationLow());
        if (!local && !recogniser.hasTarget(packet.destinationHigh(), packet.destinationLow())) {
            return;
        }
        if (settings.debug()) {
            log.aside(DebugText.packet(packet));
        }
        if (settings.strict() && local) {
            recogniser.spoil(packet, this::told);
        }
        recogniser.on(packet, local, nowSeconds(), this::told);
    }

    private void told(long sourceHigh, long sourceLow, KnockdOutcome outcome) {
        Address source = new Address(sourceHigh, sourceLow);
        String door = outcome.door().name();
        switch (outcome) {
            case KnockdOutcome.Stage(var _, var stage) ->
                log.message(source, name -> KnockdMessages.stage(name, door, stage));
            case KnockdOutcome.OpenSesame _ -> open(source, outcome);
            case KnockdOutcome.SequenceTimeout(var _, var stage) ->
                log.message(source, name -> KnockdMessages.sequenceTimeout(name, door, stage));
            case KnockdOutcome.Failed(var _, var stage) ->
                explain(source, door, "failed at stage " + stage + ": wrong knock");
            case KnockdOutcome.CrowdedOut(var _, var stage) ->
                explain(source, door, "failed at stage " + stage + ": too many half-done sequences");
        }
    }

    /** What knockd keeps to itself, for who asked for it. */
    private void explain(Address source, String door, String what) {
        if (settings.explain() || settings.debug()) {
            log.message(source, name -> name + ": " + door + ": " + what);
        }
    }

    private void open(Address source, KnockdOutcome outcome) {
        String door = outcome.door().name();
        int index = recogniser.doors().indexOf(outcome.door());
        boolean once = outcome.door().oneTimeFile().isPresent();
        // Struck out on disk before anything opens.
        if (once && (index < 0 || !oneTime.use(index, door))) {
            rotate(index, door);
            return;
        }
        log.message(source, name -> KnockdMessages.openSesame(name, door));
        switch (outcome.door().commands(source)) {
            case KnockdCommands.StartTooLong _ -> log.quiet(KnockdMessages.startCommandTooLong());
            case KnockdCommands.StopTooLong _ -> log.quiet(KnockdMessages.stopCommandTooLong());
            case KnockdCommands.Ready(var start, var stop) ->
                commands.open(new DoorCommands.Opening(
                        door,
                        source,
                        start,
                        stop,
                        Duration.ofSeconds(Math.max(0, outcome.door().cmdTimeoutSeconds()))));
        }
        if (once) {
            rotate(index, door);
        }
    }

    /** Half-done attempts at the old sequence go with it. */
    private void rotate(int index, String door) {
        if (index >= 0) {
            recogniser.replaceSequence(index, oneTime.next(index, door));
            setFilter();
        }
    }

    /** knockd ends when its interface is missing or goes; this waits for it, and says so. */
    private static final class Hearing implements CaptureListener {
        @Override
        public void opened(String iface) {
            // Said by "starting up" once; that it is heard again is no message of knockd's.
        }

        @Override
        public void lost(String iface, String reason) {
            warn("could not open " + iface + ": " + reason);
        }
    }
}
