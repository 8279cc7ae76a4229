package tirl.daemon.spa;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Files with secrets: read only when nobody but their owner and root could have read or written them. */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> OWNERS =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private PrivateFiles() {}

    /** The text of the file, or why it must not be read. */
    public static String read(Path file) throws SpaException {
        try {
            String owner = Files.getOwner(file).getName();
            if (!owner.equals("root") && !owner.equals(System.getProperty("user.name"))) {
                throw new SpaException(file + " belongs to " + owner + ", who could change it; chown root " + file);
            }
            if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
                throw new SpaException("others can read or write " + file + ", which has secrets: chmod 600 " + file
                        + "; if somebody has read it, what it says has to be made anew");
            }
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new SpaException(file + ": this is not UTF-8 text", e);
        } catch (IOException e) {
            throw new SpaException(file + ": cannot be read (" + reason(e) + ")", e);
        }
    }

    static String reason(IOException e) {
        return e instanceof FileSystemException system && system.getReason() != null
                ? system.getReason()
                : e.getClass().getSimpleName();
    }
}
