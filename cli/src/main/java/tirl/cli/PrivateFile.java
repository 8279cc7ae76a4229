package tirl.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;

/** A new file with secrets: for the owner only from the first moment. */
final class PrivateFile {
    private PrivateFile() {}

    static void write(Path target, String text) throws IOException {
        write(target, StandardCharsets.UTF_8.encode(text));
    }

    static void write(Path target, byte[] bytes) throws IOException {
        write(target, ByteBuffer.wrap(bytes));
    }

    /** To be called before something that cannot be done twice is done for the file's sake. */
    static void refuseExisting(Path target) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(taken(target));
        }
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null && !Files.isWritable(folder)) {
            throw new IOException(target + " cannot be written: " + folder + " is no directory that you may write to");
        }
    }

    private static String taken(Path target) {
        return target + " exists already; name another file or move it away";
    }

    private static void write(Path target, ByteBuffer bytes) throws IOException {
        try (var channel = Files.newByteChannel(
                target,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            while (bytes.hasRemaining()) {
                int _ = channel.write(bytes);
            }
        } catch (FileAlreadyExistsException e) {
            throw new IOException(taken(target), e);
        }
    }
}
