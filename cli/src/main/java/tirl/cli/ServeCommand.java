package tirl.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tirl.daemon.Daemon;
import tirl.daemon.DaemonException;
import tirl.daemon.config.ConfigReader;

@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Guard this host: shut the configured ports and open them to who knocks right.",
        footer = {
            "",
            "Runs in the foreground and logs to standard error. HUP makes it read its file anew.",
            "TERM and INT end it and leave the guarded ports shut; live leases run on and end in time.",
            "",
            "With --fwknop-conf the configuration is fwknopd's: packets of fwknop clients open OPEN_PORTS of access.conf,",
            "which are shut to all others. A section [fwknop] in tirl.toml does the same among other things.",
            "",
            "Examples:",
            "  tirl serve -c /etc/tirl/tirl.toml",
            "  tirl serve --fwknop-conf /etc/fwknop",
        })
final class ServeCommand implements Callable<Integer> {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "the configuration (default: /etc/tirl/tirl.toml)")
    private Path file = ConfigReader.DEFAULT_FILE;

    @Option(
            names = "--fwknop-conf",
            paramLabel = "DIR",
            description = "in place of a file of its own: the directory with fwknopd.conf and access.conf")
    private @Nullable Path fwknop;

    @Option(
            names = {"-v", "--verbose"},
            description = "log each right knock and each rejected sequence too")
    private boolean verbose;

    @Override
    public Integer call() throws DaemonException {
        if (fwknop != null && !Files.isDirectory(fwknop)) {
            throw new DaemonException(fwknop + " is no directory; name the one with fwknopd.conf, such as /etc/fwknop");
        }
        Daemon.serve(fwknop == null ? file : fwknop, verbose);
        return 0;
    }
}
