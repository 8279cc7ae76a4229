package tirl.door;

import java.util.Locale;
import tirl.packet.Transport;

/**
 * A port of a service, written {@code tcp/22}.
 *
 * @param transport TCP or UDP
 * @param port 1 to 65535
 */
public record ServicePort(Transport transport, int port) implements Comparable<ServicePort> {
    public ServicePort {
        if (transport == Transport.ICMP || port < 1 || port > 65535) {
            throw new IllegalArgumentException("not a service port: " + transport + " " + port);
        }
    }

    @Override
    public int compareTo(ServicePort other) {
        int byTransport = transport.compareTo(other.transport);
        return byTransport != 0 ? byTransport : Integer.compare(port, other.port);
    }

    @Override
    public String toString() {
        return transport.name().toLowerCase(Locale.ROOT) + "/" + port;
    }
}
