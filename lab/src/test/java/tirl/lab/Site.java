package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

/** A server with services on ports 22 and 53 and the daemon before them, and clients; what most tests start from. */
final class Site implements AutoCloseable {
    /** How long one probe waits. A handshake takes well under a millisecond here. */
    static final Duration PROBE = Duration.ofMillis(250);
    /** By when a right knock must have opened, also on a busy machine. */
    static final Duration SOON = Duration.ofSeconds(3);
    /** Between two knocks of one client: packets sent at once by two processors may change places. */
    static final Duration PACE = Duration.ofMillis(3);

    static final int SSH = 22;
    static final int DNS = 53;

    final Network network;
    final TirlProcess tirl;
    private final EchoService ssh;
    private final EchoService dns;

    private Site(List<String> interfaces, String config, String... environment) {
        network = Network.create();
        ssh = EchoService.listen(network.server(), SSH);
        dns = EchoService.listen(network.server(), DNS);
        tirl = TirlProcess.start(network.server(), interfaces, config, environment);
    }

    static Site with(String config) {
        return on(List.of("srv0"), config);
    }

    /** A daemon with both compilers that practises after its start, as users have it. */
    static Site practising(String config) {
        return new Site(List.of("srv0"), config, "TIRL_JAVA_OPTIONS=");
    }

    static Site on(List<String> interfaces, String config) {
        return new Site(interfaces, config);
    }

    Client client() {
        return network.client();
    }

    String ipv4() {
        return network.wire().serverIpv4();
    }

    String ipv6() {
        return network.wire().serverIpv6();
    }

    String address(String family) {
        return family.equals("ipv6") ? ipv6() : ipv4();
    }

    void assertOpens(Client client, String server) {
        Await.until(
                () -> "port 22 opens for " + client + "; the daemon's log:\n" + tirl.log(),
                SOON,
                () -> client.connects(server, SSH, PROBE));
    }

    /**
     * The port is shut, and not only because the daemon has not come to the knocks yet: a right knock that another
     * client sends after them has opened. One decision thread takes packets in order.
     */
    void assertStaysShut(Client client, String server) {
        Client canary = client();
        canary.syns(ipv4(), PACE, Doors.PLAIN);
        assertOpens(canary, ipv4());
        assertShut(client, server);
    }

    void assertShut(Client client, String server) {
        assertThat(client.reach(server, SSH, PROBE))
                .as("port 22 for %s", client)
                .isEqualTo(Reach.SILENT);
    }

    /** Waits for the port to shut, as at the end of a lease. */
    void awaitShut(Client client, String server, Duration limit) {
        Await.until(() -> "port 22 shuts for " + client, limit, () -> client.reach(server, SSH, PROBE) == Reach.SILENT);
    }

    void knockPlain(Client client) {
        client.syns(ipv4(), PACE, Doors.PLAIN);
        assertOpens(client, ipv4());
    }

    @Override
    public void close() {
        tirl.close();
        ssh.close();
        dns.close();
        network.close();
    }
}
