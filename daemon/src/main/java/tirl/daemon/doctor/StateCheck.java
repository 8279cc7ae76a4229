package tirl.daemon.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether what must survive a restart can be written. */
final class StateCheck {
    private static final String CHECK = "state";
    private static final long ROOM = 16 << 20;

    private StateCheck() {}

    /** What the daemon itself says of its store, when it answers. */
    static List<Finding> ofDaemon(Map<?, ?> status) {
        return status.get("store") instanceof String trouble && !trouble.equals("good")
                ? List.of(Finding.bad(CHECK, trouble, "until then doors with hooks do not open"))
                : List.of();
    }

    static List<Finding> findings(Path state) {
        try {
            if (!Files.isDirectory(state)) {
                return List.of(Finding.good(CHECK, state + " is not there yet; it is made when it is needed"));
            }
            Set<PosixFilePermission> rights = Files.getPosixFilePermissions(state);
            if (rights.contains(PosixFilePermission.OTHERS_READ) || rights.contains(PosixFilePermission.GROUP_READ)) {
                return List.of(Finding.bad(
                        CHECK,
                        state + " may be read by others (" + PosixFilePermissions.toString(rights) + ")",
                        "`chmod 700 " + state + "`"));
            }
            long free = Files.getFileStore(state).getUsableSpace();
            if (free < ROOM) {
                return List.of(Finding.bad(
                        CHECK,
                        state + " has " + (free >> 10) + " KiB left; doors with hooks do not open when it is full",
                        "make room"));
            }
            Path trial = Files.createTempFile(state, "doctor", "");
            Files.delete(trial);
            return List.of(Finding.good(CHECK, state + " can be written, " + (free >> 20) + " MiB free"));
        } catch (IOException e) {
            return List.of(Finding.bad(
                    CHECK,
                    state + " cannot be written: " + e.getMessage(),
                    "is the file system mounted read-only, or is this not root?"));
        }
    }
}
