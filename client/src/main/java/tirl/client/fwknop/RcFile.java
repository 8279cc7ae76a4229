package tirl.client.fwknop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files with keys: for their owner only. */
public final class RcFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private RcFile() {}

    /** Whether somebody else could read or write it. */
    public static boolean isExposed(Path file) throws IOException {
        return !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file));
    }

    /** A file of the user's, in whatever encoding it is. */
    public static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    /** Writes it whole or not at all; whatever it was, it is for its owner only now. */
    public static void write(Path link, String text) throws IOException {
        Path file = Files.exists(link) ? link.toRealPath() : link.toAbsolutePath();
        Path whole = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(whole);
        try (FileChannel channel = FileChannel.open(
                whole,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            ByteBuffer left = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (left.hasRemaining()) {
                int _ = channel.write(left);
            }
            channel.force(true);
        }
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
