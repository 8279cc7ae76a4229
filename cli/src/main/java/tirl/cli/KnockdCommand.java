package tirl.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.daemon.DaemonException;
import tirl.daemon.background.Background;
import tirl.daemon.knockd.KnockdDaemon;
import tirl.daemon.knockd.KnockdSettings;

/** Takes knockd's options and exit codes; oddly, knockd ends with 0 after an option that it does not know. */
@Command(
        name = "knockd",
        exitCodeOnInvalidInput = 0,
        versionProvider = KnockdCommand.KnockdVersion.class,
        sortOptions = false,
        description = "Be knockd: read knockd.conf, match and log as knockd 0.8 does, without its defects.",
        footer = {
            "",
            "docs/knockd-differences.md says what is done otherwise and why.",
            "",
            "Examples:",
            "  tirl knockd -i eth1 -c /etc/knockd.conf",
            "  ln -s /usr/bin/tirl /usr/local/sbin/knockd      # in place of the original",
        })
final class KnockdCommand implements Callable<Integer> {
    /** Two lines, the first with the name, as scripts expect them. */
    static final class KnockdVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"knockd (" + new Version().getVersion()[0] + ")", "Knocks as knockd 0.8 knows them."};
        }
    }

    private static final Duration START_PATIENCE = Duration.ofSeconds(30);

    @Option(
            names = {"-i", "--interface"},
            paramLabel = "INTF",
            description = "listen on this interface (default: eth0)")
    private @Nullable String iface;

    @Option(
            names = {"-d", "--daemon"},
            description = "run in the background")
    private boolean background;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "default: /etc/knockd.conf")
    private Path config = KnockdSettings.DEFAULT_CONFIG;

    @Option(
            names = {"-D", "--debug"},
            description = "say what is read and what arrives")
    private boolean debug;

    @Option(
            names = {"-l", "--lookup"},
            description = "log host names beside addresses")
    private boolean lookUp;

    @Option(
            names = {"-p", "--pidfile"},
            paramLabel = "FILE",
            description = "default: /var/run/knockd.pid")
    private @Nullable String pidFile;

    @Option(
            names = {"-g", "--logfile"},
            paramLabel = "FILE",
            description = "log to this file")
    private @Nullable String logFile;

    @Option(
            names = {"-v", "--verbose"},
            description = "log to standard output too")
    private boolean verbose;

    @Option(
            names = {"-4", "--only-ip-v4"},
            description = "ignore IPv6")
    private boolean onlyIpv4;

    @SuppressWarnings("UnusedVariable") // picocli acts on it
    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "print the version")
    private boolean version;

    @SuppressWarnings("UnusedVariable") // picocli acts on it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "print this help")
    private boolean help;

    @Option(names = "--explain", description = "log failed attempts with their reason, and what commands print")
    private boolean explain;

    @Option(names = "--strict", description = "touching any other port spoils an attempt: no scan opens a door")
    private boolean strict;

    @Option(names = "--repeat", description = "a knock while a door is open runs its command again, as knockd does")
    private boolean repeat;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "where open doors are kept on disk (default: /var/lib/tirl/knockd)")
    private Path state = KnockdSettings.DEFAULT_STATE;

    @Option(names = "--max-commands", paramLabel = "N", description = "commands that run at once (default: 64)")
    private int maxCommands = 64;

    @Option(names = "--command-limit", paramLabel = "TIME", description = "end a command after this long, such as 30s")
    private @Nullable String commandLimit;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        KnockdSettings settings;
        try {
            settings = settings();
        } catch (NotationException e) {
            return refuse(e.problem());
        }
        if (background && !Background.isChild()) {
            // With the word knockd in front: these are the arguments of the whole program.
            List<String> arguments = spec.commandLine().getParseResult().originalArgs();
            return Background.detach(Background.ownCommand(arguments.toArray(String[]::new)), START_PATIENCE);
        }
        try {
            return KnockdDaemon.serve(settings);
        } catch (DaemonException e) {
            return refuse(String.valueOf(e.getMessage()));
        }
    }

    /** knockd says one line on standard error and then its usage. */
    private int refuse(String message) {
        spec.commandLine().getErr().println(message);
        spec.commandLine().usage(spec.commandLine().getOut(), CommandLine.Help.Ansi.OFF);
        return 1;
    }

    private KnockdSettings settings() throws NotationException {
        if (maxCommands < 1) {
            throw new NotationException("--max-commands takes a number from 1 on, not " + maxCommands);
        }
        Optional<Duration> limit =
                commandLimit == null ? Optional.empty() : Optional.of(Notation.duration(commandLimit));
        return new KnockdSettings(
                config.toAbsolutePath(),
                Optional.ofNullable(iface),
                Optional.ofNullable(logFile),
                Optional.ofNullable(pidFile),
                background,
                debug,
                lookUp,
                verbose,
                onlyIpv4,
                explain,
                repeat,
                strict,
                state.toAbsolutePath(),
                maxCommands,
                limit);
    }
}
