package tirl.knockd;

import java.util.Locale;
import tirl.packet.Transport;

/**
 * One knock of a sequence, written {@code 7000} or {@code 8000:udp}.
 *
 * @param transport TCP or UDP
 * @param port 0 to 65535; knockd takes words as port 0, and packets to port 0 exist
 */
public record KnockdStep(Transport transport, int port) {
    public KnockdStep {
        if (transport == Transport.ICMP || port < 0 || port > 65535) {
            throw new IllegalArgumentException("not a step of knockd: " + transport + " " + port);
        }
    }

    /** The step as one number, for tables. */
    int symbol() {
        return symbol(transport, port);
    }

    static int symbol(Transport transport, int port) {
        return (transport == Transport.UDP ? 1 << 16 : 0) | port;
    }

    /** As knockd prints it: {@code 7000:tcp}. */
    @Override
    public String toString() {
        return port + ":" + transport.name().toLowerCase(Locale.ROOT);
    }
}
