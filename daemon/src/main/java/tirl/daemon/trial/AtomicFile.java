package tirl.daemon.trial;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** Writes a file so that whoever reads it, also after a power cut, finds the old text or the new one, whole. */
public final class AtomicFile {
    private static final String OWNER_ONLY = "rw-------";

    private AtomicFile() {}

    /** For the owner only. */
    public static void write(Path file, String text) throws IOException {
        write(file, text, Optional.empty());
    }

    /** With the same owner, group and mode as another file. */
    public static void writeLike(PosixFileAttributes like, Path file, String text) throws IOException {
        write(file, text, Optional.of(like));
    }

    /** Fails as {@link #writeLike} would, and leaves nothing behind. */
    public static void check(PosixFileAttributes like, Path file) throws IOException {
        Files.deleteIfExists(fresh(file, "", Optional.of(like)));
    }

    /** Makes a directory for the owner only, and those it is in; one that is there stays as it is. */
    public static void makeDirectory(Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static void write(Path file, String text, Optional<PosixFileAttributes> like) throws IOException {
        Path fresh = fresh(file, text, like);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        // Without this the new name may be gone after a power cut.
        try (FileChannel channel = FileChannel.open(folder(file), StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path fresh(Path file, String text, Optional<PosixFileAttributes> like) throws IOException {
        Path fresh = folder(file).resolve(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        // Nobody else may read it, not even for a moment: it may hold sequences.
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
        try (FileOutputStream stream = new FileOutputStream(fresh.toFile(), true)) {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
            if (like.isPresent()) {
                give(fresh, like.get());
            }
            stream.getFD().sync();
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
        return fresh;
    }

    private static void give(Path file, PosixFileAttributes like) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        PosixFileAttributes mine = view.readAttributes();
        if (!mine.owner().equals(like.owner())) {
            view.setOwner(like.owner());
        }
        if (!mine.group().equals(like.group())) {
            view.setGroup(like.group());
        }
        view.setPermissions(like.permissions());
    }

    private static Path folder(Path file) throws FileSystemException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new FileSystemException(file.toString(), null, "is no file");
        }
        return folder;
    }
}
