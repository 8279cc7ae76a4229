package tirl.daemon.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whether this process may do what the daemon has to do. */
final class PrivilegeCheck {
    private static final String CHECK = "privileges";
    /** linux/capability.h. */
    private static final Map<Integer, String> NEEDED = new TreeMap<>(Map.of(12, "CAP_NET_ADMIN", 13, "CAP_NET_RAW"));

    private PrivilegeCheck() {}

    static List<Finding> findings() {
        try {
            return findings(Files.readAllLines(Path.of("/proc/self/status")));
        } catch (IOException e) {
            return List.of(Finding.doubtful(CHECK, "/proc/self/status: " + e.getMessage(), ""));
        }
    }

    static List<Finding> findings(List<String> status) {
        Optional<Long> effective = status.stream()
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                .findFirst();
        List<String> missing = new ArrayList<>();
        NEEDED.forEach((bit, name) -> {
            if ((effective.orElse(0L) & 1L << bit) == 0) {
                missing.add(name);
            }
        });
        return List.of(
                missing.isEmpty()
                        ? Finding.good(CHECK, "CAP_NET_ADMIN and CAP_NET_RAW are there")
                        : Finding.bad(
                                CHECK,
                                "without " + String.join(" and ", missing)
                                        + " this command sees little, and the daemon " + "could not run like this",
                                "run it as root: `sudo tirl doctor`"));
    }
}
