package tirl.daemon.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import tirl.config.Config;
import tirl.door.ServicePort;
import tirl.grant.FirewallException;
import tirl.linux.firewall.LoadedTable;
import tools.jackson.jr.ob.JSON;

/** Whether the kernel's table is there and says what the configuration says. */
final class TableCheck {
    private static final String CHECK = "kernel table";

    private TableCheck() {}

    static List<Finding> findings(Config config, boolean running) {
        return switch (config.firewall()) {
            case GUARD, JOIN -> ofTable(config, running);
            case IPTABLES -> List.of();
        };
    }

    private static List<Finding> ofTable(Config config, boolean running) {
        List<Finding> found = new ArrayList<>();
        try {
            found.add(compare(elements(LoadedTable.json("guarded")), guarded(config)));
        } catch (FirewallException | IOException e) {
            found.add(Finding.bad(
                    CHECK,
                    "the table inet tirl is not there, so nothing is guarded: " + e.getMessage(),
                    running
                            ? "`tirl reload`; the daemon's log says why it could not be put back"
                            : "start the daemon"));
            return found;
        }
        if (config.breakGlass().isPresent()) {
            found.add(heartbeat(running));
        }
        return found;
    }

    private static NavigableSet<String> guarded(Config config) {
        NavigableSet<String> ports = new TreeSet<>();
        config.services().stream()
                .flatMap(service -> service.ports().stream())
                .map(ServicePort::toString)
                .forEach(ports::add);
        return ports;
    }

    static Finding compare(NavigableSet<String> kernel, NavigableSet<String> config) {
        if (kernel.equals(config)) {
            return Finding.good(CHECK, "guards " + (config.isEmpty() ? "nothing" : String.join(", ", config)));
        }
        return Finding.bad(
                CHECK,
                "the kernel guards " + String.join(", ", kernel) + ", the configuration " + String.join(", ", config),
                "`tirl reload`");
    }

    private static Finding heartbeat(boolean running) {
        try {
            boolean beats = !elements(LoadedTable.json("alive")).isEmpty();
            if (beats == running) {
                return Finding.good(
                        "break-glass",
                        beats ? "dormant: the daemon lives" : "awake: its sequence opens without the daemon");
            }
            return beats
                    ? Finding.good("break-glass", "the daemon is gone and break-glass will soon be awake")
                    : Finding.bad(
                            "break-glass",
                            "the daemon answers but its heart does not beat: the decision loop hangs",
                            "`systemctl restart tirl`; leases stay");
        } catch (FirewallException | IOException e) {
            return Finding.bad("break-glass", "is not in the kernel: " + e.getMessage(), "`tirl reload`");
        }
    }

    /** The elements of the set, {@code tcp/22} or a single word. */
    static NavigableSet<String> elements(String json) throws IOException {
        NavigableSet<String> all = new TreeSet<>();
        if (JSON.std.mapFrom(json).get("nftables") instanceof List<?> objects) {
            for (Object object : objects) {
                if (object instanceof Map<?, ?> fields
                        && fields.get("set") instanceof Map<?, ?> set
                        && set.get("elem") instanceof List<?> elements) {
                    elements.forEach(element -> all.add(text(element)));
                }
            }
        }
        return all;
    }

    /** An element with a timeout is wrapped once more. */
    private static String text(Object element) {
        if (element instanceof Map<?, ?> fields) {
            if (fields.get("elem") instanceof Map<?, ?> wrapped && wrapped.get("val") != null) {
                return text(wrapped.get("val"));
            }
            if (fields.get("concat") instanceof List<?> parts) {
                return String.join("/", parts.stream().map(String::valueOf).toList());
            }
        }
        return String.valueOf(element);
    }
}
