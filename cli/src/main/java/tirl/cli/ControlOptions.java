package tirl.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tirl.daemon.config.ConfigReader;
import tirl.daemon.config.ConfigResult;
import tirl.daemon.control.ControlClient;

/** Which daemon a command talks to. */
final class ControlOptions {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "the daemon's configuration, which names its socket (default: /etc/tirl/tirl.toml)")
    private @Nullable Path file;

    @Option(
            names = "--control",
            paramLabel = "SOCKET",
            description = "the daemon's control socket (default: what the configuration says)")
    private @Nullable Path socket;

    /** The configuration of the daemon, as said or in its usual place. */
    Path file() {
        return file != null ? file : ConfigReader.DEFAULT_FILE;
    }

    /** The socket, if it was said. */
    Optional<Path> socket() {
        return Optional.ofNullable(socket);
    }

    ControlClient client() {
        return new ControlClient(socket != null ? socket : socketOfConfig());
    }

    /** The daemon's directory. */
    Path state() {
        ConfigResult result = ConfigReader.read(file != null ? file : ConfigReader.DEFAULT_FILE);
        return result.config().map(config -> config.state()).orElse(ConfigReader.DEFAULT_STATE);
    }

    /** A file with mistakes, or none, leaves the default: the running daemon may have started from a better one. */
    private Path socketOfConfig() {
        ConfigResult result = ConfigReader.read(file());
        return result.config().map(config -> config.control()).orElse(ConfigReader.DEFAULT_CONTROL);
    }
}
