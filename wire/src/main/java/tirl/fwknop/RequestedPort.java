package tirl.fwknop;

import java.util.Locale;
import tirl.packet.Transport;

/**
 * A port that a message asks for, written {@code tcp/22}.
 *
 * @param transport TCP or UDP
 * @param port 1 to 65535
 */
public record RequestedPort(Transport transport, int port) {
    public RequestedPort {
        if (transport == Transport.ICMP || port < 1 || port > 65535) {
            throw new IllegalArgumentException("not a port to ask for: " + transport + " " + port);
        }
    }

    @Override
    public String toString() {
        return transport.name().toLowerCase(Locale.ROOT) + "/" + port;
    }
}
