package tirl.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;

/** A new file with secrets: for the owner only from the first moment. */
final class PrivateFile {
    private PrivateFile() {}

    static void write(Path target, String text) throws IOException {
        try (var channel = Files.newByteChannel(
                target,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            var bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                int _ = channel.write(bytes);
            }
        } catch (FileAlreadyExistsException e) {
            throw new IOException(target + " exists already; name another file or move it away", e);
        }
    }
}
