package tirl.door;

import tirl.packet.Address;

/**
 * A port of a machine behind this host, written {@code 10.0.0.5:443} or {@code [fd00::5]:443}.
 *
 * @param port 1 to 65535
 */
public record Forward(Address target, int port) {
    public Forward {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
    }

    @Override
    public String toString() {
        return (target.isIpv4() ? target.toString() : "[" + target + "]") + ":" + port;
    }
}
