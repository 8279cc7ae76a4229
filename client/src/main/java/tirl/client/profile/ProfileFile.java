package tirl.client.profile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/** Writes files with secrets so that a crash at any moment leaves either the old one or the new one, on the disk too. */
final class ProfileFile {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNERS_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private ProfileFile() {}

    /**
     * Writes a new file.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is one
     */
    static void create(Path file, String text) throws IOException {
        Path directory = directory(file);
        Files.createDirectories(directory, OWNERS_DIRECTORY);
        Path whole = written(file, text);
        try {
            // Unlike a move, a link does not replace what another process has just made.
            Files.createLink(file, whole);
        } finally {
            Files.delete(whole);
        }
        sync(directory);
    }

    static void replace(Path link, String text) throws IOException {
        // Whoever keeps his files elsewhere and links them here still finds them there.
        Path file = link.toRealPath();
        Files.move(written(file, text), file, StandardCopyOption.ATOMIC_MOVE);
        sync(directory(file));
    }

    /** The whole text under a name that no profile has, on the disk. */
    private static Path written(Path file, String text) throws IOException {
        Path target = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(target);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel =
                FileChannel.open(target, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                int _ = channel.write(left);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(target);
            throw e;
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        return target;
    }

    private static Path directory(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IllegalArgumentException(file + " is no file in a directory");
        }
        return directory;
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
