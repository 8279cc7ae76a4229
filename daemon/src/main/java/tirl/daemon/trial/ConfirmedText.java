package tirl.daemon.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The text of the configuration that was last confirmed, kept from before a trial begins until it is confirmed. While it is
 * there, a start uses it and not the file: a host that is started anew in the middle of a trial comes up with what was
 * confirmed.
 */
public final class ConfirmedText {
    private final Path file;

    /** @param state the daemon's directory */
    public ConfirmedText(Path state) {
        file = state.resolve("trial").resolve("confirmed.toml");
    }

    public Path file() {
        return file;
    }

    /** When this returns it is on disk. */
    public void keep(String text) throws IOException {
        AtomicFile.makeDirectory(file.resolveSibling(""));
        AtomicFile.write(file, text);
    }

    public Optional<String> read() throws IOException {
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    public void drop() throws IOException {
        Files.deleteIfExists(file);
    }
}
