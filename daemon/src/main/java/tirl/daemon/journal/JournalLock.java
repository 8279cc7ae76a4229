package tirl.daemon.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holds the directory of a journal: nobody but its owner writes there, and one daemon at a time. */
final class JournalLock implements AutoCloseable {
    private final FileChannel channel;

    private JournalLock(FileChannel channel) {
        this.channel = channel;
    }

    static JournalLock take(Path directory) throws IOException, JournalException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Path path = directory.resolve("lock");
        FileChannel channel = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            refuseOthers(directory, path);
            if (tryLock(channel) == null) {
                throw new JournalException("the journal in " + directory
                        + " is in use by another daemon; stop that one, or give this one a directory of its own");
            }
        } catch (IOException | JournalException e) {
            channel.close();
            throw e;
        }
        return new JournalLock(channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    /** Whoever can write here has us run commands, mostly as root. */
    private static void refuseOthers(Path directory, Path ours) throws IOException, JournalException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(directory);
        boolean open =
                mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE);
        if (open || !Files.getOwner(directory).equals(Files.getOwner(ours))) {
            throw new JournalException("others than " + Files.getOwner(ours).getName() + " can write to " + directory
                    + " and could have commands run; make it yours with mode 0700");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
