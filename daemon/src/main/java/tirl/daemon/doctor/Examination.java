package tirl.daemon.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tirl.config.Config;
import tirl.config.Problem;
import tirl.daemon.config.ConfigReader;
import tirl.daemon.config.ConfigResult;
import tirl.daemon.control.ControlClient;
import tirl.daemon.control.ControlException;

/** The whole examination of this host, in the order of a packet's way; it changes nothing that lasts. */
public final class Examination {
    private final Path file;
    private final Optional<Path> socket;
    private final boolean probing;

    /**
     * An examination of the daemon of a configuration.
     *
     * @param file the configuration
     * @param socket the control socket, if not the one of the configuration
     * @param probing whether ports are tried from a network namespace
     */
    public Examination(Path file, Optional<Path> socket, boolean probing) {
        this.file = file;
        this.socket = socket;
        this.probing = probing;
    }

    /** Every finding, good ones too. */
    public List<Finding> findings() {
        List<Finding> all = new ArrayList<>(PrivilegeCheck.findings());
        ConfigResult read = ConfigReader.read(file);
        all.addAll(ofConfig(read));
        Optional<Map<?, ?>> status = status(read.config(), all);
        if (read.config().isEmpty()) {
            return all;
        }
        Config config = read.config().get();
        all.addAll(InterfaceCheck.findings(config, status));
        all.addAll(TableCheck.findings(config, status.isPresent()));
        all.addAll(ClockCheck.findings());
        all.addAll(JoinCheck.findings(config));
        all.addAll(StateCheck.findings(config.state()));
        status.ifPresent(known -> all.addAll(StateCheck.ofDaemon(known)));
        if (probing) {
            all.addAll(new PortCheck(config, status.isPresent() ? Optional.of(client(config)) : Optional.empty())
                    .findings());
        }
        return all;
    }

    private List<Finding> ofConfig(ConfigResult read) {
        List<Finding> found = new ArrayList<>();
        for (Problem problem : read.problems()) {
            String text = problem.at(file.toString());
            found.add(
                    problem.isError()
                            ? Finding.bad("configuration", text, "mend it; `tirl check " + file + "` looks again")
                            : Finding.doubtful("configuration", text, ""));
        }
        if (read.config().isPresent()) {
            found.add(Finding.good("configuration", file + " is good"));
        }
        return found;
    }

    private ControlClient client(Config config) {
        return new ControlClient(socket.orElse(config.control()));
    }

    private Optional<Map<?, ?>> status(Optional<Config> config, List<Finding> found) {
        Path at = socket.or(() -> config.map(Config::control)).orElse(ConfigReader.DEFAULT_CONTROL);
        try {
            Object answer = new ControlClient(at).ask(Map.of("command", "status"));
            if (answer instanceof Map<?, ?> status) {
                found.add(Finding.good("daemon", "answers, up " + status.get("up") + " s"));
                return Optional.of(status);
            }
            throw new ControlException("what answers at " + at + " is no tirl daemon");
        } catch (ControlException e) {
            found.add(Finding.bad(
                    "daemon",
                    String.valueOf(e.getMessage()),
                    "start it: `systemctl start tirl`, or `tirl serve -c " + file + "` to see why it does not"));
            return Optional.empty();
        }
    }
}
