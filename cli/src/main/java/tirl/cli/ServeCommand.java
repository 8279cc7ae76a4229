package tirl.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
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
            "Example: tirl serve -c /etc/tirl/tirl.toml",
        })
final class ServeCommand implements Callable<Integer> {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "the configuration (default: /etc/tirl/tirl.toml)")
    private Path file = ConfigReader.DEFAULT_FILE;

    @Option(
            names = {"-v", "--verbose"},
            description = "log each right knock and each rejected sequence too")
    private boolean verbose;

    @Override
    public Integer call() throws DaemonException {
        Daemon.serve(file, verbose);
        return 0;
    }
}
