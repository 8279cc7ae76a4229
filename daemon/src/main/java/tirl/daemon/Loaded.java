package tirl.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.stream.Collectors;
import tirl.config.Config;
import tirl.config.Problem;
import tirl.daemon.config.ConfigReader;
import tirl.daemon.config.ConfigResult;
import tirl.daemon.control.ControlException;
import tirl.daemon.log.Log;
import tirl.daemon.trial.ConfirmedText;

/**
 * A configuration without mistakes and the text that it was read from.
 *
 * @param inPlaceOfFile it is the last one confirmed, as the file itself has not been
 */
record Loaded(Config config, String text, boolean inPlaceOfFile) {
    /** Reads the file, or in its place what was last confirmed; mistakes are in the log. */
    static Loaded atStart(Path file, Log log) throws DaemonException {
        String text = textOf(file);
        ConfigResult read = text.isEmpty() ? ConfigReader.read(file) : ConfigReader.parse(text);
        Path state = read.config().map(Config::state).orElse(ConfigReader.DEFAULT_STATE);
        Optional<Loaded> confirmed = confirmed(new ConfirmedText(state), file, text, log);
        if (confirmed.isPresent()) {
            return confirmed.get();
        }
        read.problems().forEach(problem -> report(log, file, problem));
        Config config =
                read.config().orElseThrow(() -> new DaemonException(file + " has mistakes; nothing was started"));
        warnIfReadable(file, log);
        return new Loaded(config, text, false);
    }

    /** The file as it is now. */
    static Loaded now(Path file, Log log) throws ControlException {
        String text = textOf(file);
        return of(text.isEmpty() ? ConfigReader.read(file) : ConfigReader.parse(text), text, file, log);
    }

    /** A text that somebody sent, with the name of its file for messages. */
    static Loaded of(String text, Path name, Log log) throws ControlException {
        return of(ConfigReader.parse(text), text, name, log);
    }

    private static Loaded of(ConfigResult read, String text, Path name, Log log) throws ControlException {
        Config config = read.config()
                .orElseThrow(() -> new ControlException(read.problems().stream()
                        .filter(Problem::isError)
                        .map(problem -> problem.at(name.toString()))
                        .collect(Collectors.joining("; "))));
        read.problems().forEach(problem -> report(log, name, problem));
        return new Loaded(config, text, false);
    }

    /** Empty when it cannot be read; {@link ConfigReader#read} then says why. */
    private static String textOf(Path file) {
        try {
            return ConfigReader.text(file);
        } catch (IOException unreadable) {
            return "";
        }
    }

    private static Optional<Loaded> confirmed(ConfirmedText kept, Path file, String text, Log log)
            throws DaemonException {
        try {
            Optional<String> confirmed = kept.read();
            if (confirmed.isEmpty()) {
                return Optional.empty();
            }
            if (confirmed.get().equals(text)) {
                log.warning("a configuration was on trial when tirl ended and had not been confirmed: back at " + file);
                kept.drop();
                return Optional.empty();
            }
            Config config = ConfigReader.parse(confirmed.get())
                    .config()
                    .orElseThrow(() -> new DaemonException(kept.file() + " has mistakes; remove it to start with "
                            + file + ", which was not confirmed"));
            log.warning(file + " was tried and NOT confirmed: it is not used. In force is the configuration that was"
                    + " confirmed last, as " + kept.file() + " has it; `tirl reload` goes over to " + file
                    + ", `tirl reload --try` on trial");
            return Optional.of(new Loaded(config, confirmed.get(), true));
        } catch (IOException e) {
            throw new DaemonException(
                    kept.file() + " cannot be read: " + e.getMessage() + "; remove it to start with " + file, e);
        }
    }

    /** A sequence is a secret. */
    private static void warnIfReadable(Path file, Log log) {
        try {
            if (!Files.isDirectory(file)
                    && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                log.warning("everybody on this host can read the sequences in " + file + "; chmod 600 " + file);
            }
        } catch (IOException e) {
            log.warning(file + ": its permissions cannot be read: " + e.getMessage());
        }
    }

    private static void report(Log log, Path file, Problem problem) {
        String text = problem.at(file.toString());
        if (problem.isError()) {
            log.error(text);
        } else {
            log.notice(text);
        }
    }
}
