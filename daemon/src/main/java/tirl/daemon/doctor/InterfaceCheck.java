package tirl.daemon.doctor;

import java.io.IOException;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tirl.config.Config;
import tirl.linux.capture.CaptureException;
import tirl.linux.capture.CaptureTrial;

/** Whether the interfaces of the configuration are there, and hear something. */
final class InterfaceCheck {
    private static final String CHECK = "interface";
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private InterfaceCheck() {}

    /**
     * One finding or more for each interface.
     *
     * @param status the daemon's, when it answers
     */
    static List<Finding> findings(Config config, Optional<Map<?, ?>> status) {
        List<Finding> found = new ArrayList<>();
        for (String name : config.interfaces()) {
            try {
                List<Finding> itself = ofInterface(name);
                found.addAll(itself);
                status.ifPresent(known -> found.addAll(asTheDaemonHasIt(name, known)));
                if (itself.stream().noneMatch(finding -> finding.health() == Finding.Health.BAD)) {
                    found.add(hearing(name));
                }
            } catch (IOException e) {
                found.add(Finding.bad(CHECK, name + ": " + e.getMessage(), ""));
            }
        }
        return found;
    }

    private static List<Finding> ofInterface(String name) throws IOException {
        if (name.equals("any")) {
            return List.of();
        }
        NetworkInterface known = NetworkInterface.getByName(name);
        if (known == null) {
            String others = String.join(
                    ", ",
                    NetworkInterface.networkInterfaces()
                            .map(NetworkInterface::getName)
                            .filter(other -> !other.equals("lo"))
                            .sorted()
                            .toList());
            return List.of(Finding.bad(
                    CHECK,
                    "there is no interface " + name + " now; there is " + others,
                    "put the one that clients come in by into interfaces = [...], or \"any\""));
        }
        if (!known.isUp()) {
            return List.of(Finding.bad(CHECK, name + " is down", "`ip link set " + name + " up`"));
        }
        return known.inetAddresses().findAny().isPresent()
                ? List.of(Finding.good(CHECK, name + " is up and has an address"))
                : List.of(Finding.doubtful(
                        CHECK,
                        name + " has no address",
                        "is it the port of a bridge or bond? Then name the bridge or bond"));
    }

    private static List<Finding> asTheDaemonHasIt(String name, Map<?, ?> status) {
        if (!(status.get("interfaces") instanceof List<?> interfaces)) {
            return List.of();
        }
        List<Finding> found = new ArrayList<>();
        for (Object one : interfaces) {
            if (one instanceof Map<?, ?> fields && Objects.equals(fields.get("interface"), name)) {
                if (!Boolean.TRUE.equals(fields.get("listening"))) {
                    found.add(Finding.bad(CHECK, "the daemon does not listen on " + name, "its log says why"));
                } else if (fields.get("dropped") instanceof Number dropped && dropped.longValue() > 0) {
                    found.add(Finding.doubtful(
                            CHECK,
                            name + ": " + dropped + " packets came faster than the daemon could take them",
                            "knocks may be lost in such a flood; does it go on?"));
                } else {
                    found.add(Finding.good(
                            CHECK,
                            "the daemon listens on " + name + ", " + fields.get("received")
                                    + " packets for doors so far"));
                }
            }
        }
        if (found.isEmpty()) {
            found.add(Finding.bad(
                    CHECK,
                    "the running daemon does not know " + name + ": it has not read this file",
                    "`tirl reload`"));
        }
        return found;
    }

    private static Finding hearing(String name) throws IOException {
        try {
            return CaptureTrial.hears(name, PATIENCE)
                    ? Finding.good(CHECK, "packets come in on " + name)
                    : Finding.doubtful(
                            CHECK,
                            "no packet at all came in on " + name + " within " + PATIENCE.toSeconds() + " s",
                            "is that the interface that clients come in by? `ip -br address` lists all; "
                                    + "`tirl watch` shows knocks as they come");
        } catch (CaptureException e) {
            return Finding.bad(CHECK, String.valueOf(e.getMessage()), "");
        }
    }
}
