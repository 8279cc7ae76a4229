package tirl.daemon.background;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The file that tells scripts the process id of the daemon. */
public final class PidFile implements AutoCloseable {
    private final Path path;
    private final String content;

    private PidFile(Path path, String content) {
        this.path = path;
        this.content = content;
    }

    /**
     * Writes the id of this process, over whatever a dead daemon left there.
     *
     * @throws IOException with the message that knockd has for it
     */
    public static PidFile create(Path path) throws IOException {
        String content = ProcessHandle.current().pid() + "\n";
        try {
            Files.writeString(path, content, StandardCharsets.US_ASCII);
            // Whatever the umask: scripts of other users read it.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        } catch (IOException e) {
            throw new IOException("could not create pid file " + path + ": " + reason(e), e);
        }
        return new PidFile(path, content);
    }

    /** Removes the file, unless another daemon has written its own id there since. */
    @Override
    public void close() throws IOException {
        if (Files.isRegularFile(path)
                && Files.readString(path, StandardCharsets.ISO_8859_1).equals(content)) {
            Files.delete(path);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "No such file or directory";
            case AccessDeniedException _ -> "Permission denied";
            case FileSystemException system when system.getReason() != null -> system.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
