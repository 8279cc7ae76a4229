package tirl.fwknop;

/**
 * Field 7: where packets to the requested port are to be sent on.
 *
 * @param host an address, or a name for the server to resolve
 * @param port 1 to 65535
 * @param local whether it is the server itself
 */
public record NatTarget(String host, int port, boolean local) {
    @Override
    public String toString() {
        return host + "," + port;
    }
}
