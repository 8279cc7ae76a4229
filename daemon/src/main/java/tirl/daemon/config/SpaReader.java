package tirl.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tirl.config.Config;
import tirl.config.Config.PortRange;
import tirl.config.Config.Spa;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.packet.Transport;
import tirl.spa.Invitation;
import tirl.spa.ServiceId;

/** Reads the section {@code [spa]}. */
final class SpaReader {
    /** More would let recorded packets live long after a loss of state. */
    private static final Duration LONGEST_SKEW = Duration.ofMinutes(10);

    private static final Duration SHORTEST_SKEW = Duration.ofSeconds(5);

    private final Problems problems;

    SpaReader(Problems problems) {
        this.problems = problems;
    }

    /** @param config the rest of the file */
    Spa read(Section section, Config config) {
        PortRange ports = section.has("ports")
                ? section.read("ports", Notation::range, Spa.DEFAULT_PORTS)
                : port(section.number("port", Spa.DEFAULT_PORTS.first(), 1, 65535));
        if (section.has("ports") && section.has("port")) {
            problems.error(section.position("port"), "write port = 62201 or ports = \"40000-50000\", not both");
        }
        boolean icmp = section.flag("icmp", false);
        Optional<String> name = section.text("name").flatMap(text -> hostName(section, text));
        Duration skew = section.read("skew", SpaReader::skew, Spa.DEFAULT_SKEW);
        Optional<Path> devices = section.has("devices")
                ? Optional.of(section.read("devices", ConfigReader::absolutePath, Path.of("/")))
                : Optional.empty();
        section.finish();
        refuseTaken(section, ports, config);
        refuseTwins(section, config);
        return new Spa(ports, icmp, name, skew, devices);
    }

    private static PortRange port(int port) {
        return new PortRange(port, port);
    }

    private Optional<String> hostName(Section section, String text) {
        if (Invitation.isHost(text)) {
            return Optional.of(text);
        }
        problems.error(
                section.position("name"),
                "name: \"" + text + "\" is no name or address of a host; write gate.example.org or 192.0.2.7");
        return Optional.empty();
    }

    private static Duration skew(String text) throws NotationException {
        Duration skew = Notation.duration(text);
        if (skew.compareTo(SHORTEST_SKEW) < 0 || skew.compareTo(LONGEST_SKEW) > 0) {
            throw new NotationException("a clock may be off by " + Notation.write(SHORTEST_SKEW) + " to "
                    + Notation.write(LONGEST_SKEW) + ", not by " + text);
        }
        return skew;
    }

    /** What is sent to an SPA port reaches nobody, so nothing else can be there. */
    private void refuseTaken(Section section, PortRange ports, Config config) {
        for (Service service : config.services()) {
            service.ports().stream()
                    .filter(port -> isIn(ports, port))
                    .forEach(port -> problems.error(
                            section.position(), port + " is a port of service " + service.name() + " and of [spa]"));
        }
        config.publicPorts().stream()
                .filter(port -> isIn(ports, port))
                .forEach(port -> problems.error(section.position(), port + " is public and a port of [spa]"));
    }

    private static boolean isIn(PortRange ports, ServicePort port) {
        return port.transport() == Transport.UDP && port.port() >= ports.first() && port.port() <= ports.last();
    }

    /** A packet has four octets for a service: two with the same could not be told apart. */
    private void refuseTwins(Section section, Config config) {
        Map<ServiceId, String> names = new HashMap<>();
        for (Service service : config.services()) {
            String twin = names.put(ServiceId.of(service.name()), service.name());
            if (twin != null && !twin.equals(service.name())) {
                problems.error(
                        section.position(),
                        "services " + twin + " and " + service.name()
                                + " have the same number in SPA packets; rename one of them");
            }
        }
    }
}
