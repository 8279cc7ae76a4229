package tirl.daemon.journal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The file of the journal: lines go to its end, or all of it is replaced. Streams and not channels, because a channel is
 * closed for everybody when one thread that uses it is interrupted. Guarded by the journal's locks.
 */
final class JournalFile implements AutoCloseable {
    private static final String NAME = "due";
    private static final String FRESH_NAME = "due.new";

    private final Path directory;
    private final Path path;
    private @Nullable FileOutputStream end;

    JournalFile(Path directory) {
        this.directory = directory;
        path = directory.resolve(NAME);
    }

    Path path() {
        return path;
    }

    /** The lines, the last one also when its end is missing; undecodable bytes fail the checksum of their line. */
    List<String> lines() throws IOException {
        if (!Files.exists(path)) {
            return List.of();
        }
        return new String(Files.readAllBytes(path), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    /** Puts these lines in the place of all there were: whoever reads finds the old file or the new one, whole. */
    void replace(Stream<String> lines) throws IOException {
        Path fresh = directory.resolve(FRESH_NAME);
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        FileOutputStream stream = new FileOutputStream(fresh.toFile(), true);
        try {
            StringBuilder text = new StringBuilder();
            lines.forEach(line -> text.append(line).append('\n'));
            stream.write(text.toString().getBytes(StandardCharsets.UTF_8));
            stream.getFD().sync();
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
            syncDirectory();
        } catch (IOException e) {
            stream.close();
            throw e;
        }
        close();
        end = stream;
    }

    /** In one write, so that only a crash of the system can tear the line. */
    void append(String line) throws IOException {
        end().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Returns when everything appended before is on disk. */
    void sync() throws IOException {
        end().getFD().sync();
    }

    private FileOutputStream end() throws IOException {
        FileOutputStream open = end;
        if (open == null) {
            throw new IOException("the journal is closed");
        }
        return open;
    }

    /** Without this the new name may be gone after a power cut, and with it all that was appended since. */
    private void syncDirectory() throws IOException {
        boolean interrupted = Thread.interrupted();
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (end != null) {
            end.close();
            end = null;
        }
    }
}
