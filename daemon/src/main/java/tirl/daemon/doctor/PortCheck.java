package tirl.daemon.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tirl.config.Config;
import tirl.daemon.control.ControlClient;
import tirl.daemon.control.ControlException;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.linux.network.Stranger;
import tirl.linux.network.Stranger.Sight;
import tirl.packet.Address;
import tirl.packet.Transport;

/**
 * Tries the guarded TCP ports as a machine outside does, without a lease and with one. This is the only proof: published
 * ports of containers, or a firewall that drops what we accept, are not to be seen in any table alone.
 */
final class PortCheck {
    private static final String CHECK = "ports";
    private static final Duration PATIENCE = Duration.ofMillis(300);
    /** Before a port is called silent that ought to open: a busy host lost one answer, or was late with it. */
    private static final Duration LONG_PATIENCE = Duration.ofSeconds(3);
    /** More addresses tell nothing new, and each takes {@link #PATIENCE} for each port. */
    private static final int MAX_ADDRESSES = 4;

    private final Config config;
    private final Optional<ControlClient> daemon;

    PortCheck(Config config, Optional<ControlClient> daemon) {
        this.config = config;
        this.daemon = daemon;
    }

    List<Finding> findings() {
        List<Finding> found = new ArrayList<>();
        try (Stranger stranger = Stranger.arrive()) {
            List<InetAddress> addresses = addresses();
            if (addresses.isEmpty()) {
                return List.of(
                        Finding.doubtful(CHECK, "this host has no address to try them at", "is a cable missing?"));
            }
            for (Service service : config.services()) {
                for (ServicePort port : service.ports()) {
                    if (port.transport() == Transport.TCP) {
                        found.addAll(unleased(stranger, port, addresses));
                    }
                }
            }
            if (found.stream().allMatch(finding -> finding.health() == Finding.Health.GOOD) && daemon.isPresent()) {
                for (Service service : config.services()) {
                    found.addAll(leased(stranger, service, addresses, daemon.get()));
                }
            }
        } catch (IOException e) {
            found.add(Finding.doubtful(
                    CHECK,
                    "could not be tried from outside: " + e.getMessage(),
                    "that needs root, network namespaces and the program ip (iproute2); or try it from another host"));
        }
        return found;
    }

    /** Where clients may come to: of each interface that is up the first address of each family. */
    private static List<InetAddress> addresses() throws IOException {
        Map<String, InetAddress> byFamily = new LinkedHashMap<>();
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            if (each.isUp() && !each.isLoopback() && !each.getName().equals(Stranger.HOST_END)) {
                each.inetAddresses()
                        .filter(address -> !address.isLinkLocalAddress())
                        .forEach(
                                address -> byFamily.putIfAbsent(each.getName() + address.getAddress().length, address));
            }
        }
        return byFamily.values().stream().limit(MAX_ADDRESSES).toList();
    }

    private static List<Finding> unleased(Stranger stranger, ServicePort port, List<InetAddress> addresses)
            throws IOException {
        List<Finding> found = new ArrayList<>();
        for (InetAddress address : addresses) {
            Sight sight = stranger.look(address, port.port(), PATIENCE);
            if (sight != Sight.SILENT) {
                found.add(Finding.bad(
                        CHECK,
                        port + " at " + Address.of(address) + " is " + (sight == Sight.OPEN ? "OPEN" : "not silent")
                                + " to somebody without a lease",
                        "is the daemon running, and is the table in place? `tirl reload`, then look again"));
            }
        }
        return found.isEmpty()
                ? List.of(
                        Finding.good(CHECK, port + " is silent without a lease, at " + addresses.size() + " addresses"))
                : found;
    }

    private static List<Finding> leased(
            Stranger stranger, Service service, List<InetAddress> addresses, ControlClient daemon) throws IOException {
        List<Finding> found = new ArrayList<>();
        for (InetAddress address : addresses) {
            String source = stranger.address(address).toString();
            try {
                daemon.ask(Map.of("command", "grant", "source", source, "service", service.name(), "for", "30s"));
                try {
                    for (ServicePort port : service.ports()) {
                        if (port.transport() == Transport.TCP) {
                            found.add(leased(port, address, lookTwice(stranger, address, port.port())));
                        }
                    }
                } finally {
                    daemon.ask(Map.of("command", "revoke", "what", source));
                }
            } catch (ControlException e) {
                found.add(Finding.doubtful(CHECK, "no lease could be tried: " + e.getMessage(), ""));
            }
        }
        return found;
    }

    private static Sight lookTwice(Stranger stranger, InetAddress address, int port) throws IOException {
        Sight first = stranger.look(address, port, PATIENCE);
        return first == Sight.SILENT ? stranger.look(address, port, LONG_PATIENCE) : first;
    }

    private static Finding leased(ServicePort port, InetAddress address, Sight sight) {
        String which = port + " at " + Address.of(address);
        return switch (sight) {
            case OPEN -> Finding.good(CHECK, which + " opens with a lease");
            case REFUSED ->
                Finding.doubtful(
                        CHECK,
                        which + " opens with a lease, but nobody listens there",
                        "start the service, or let it listen on that address");
            case SILENT ->
                Finding.bad(
                        CHECK,
                        which + " stays silent with a lease: another firewall of this host drops it",
                        "`tirl init` finds it and adds the one rule that is needed");
        };
    }
}
