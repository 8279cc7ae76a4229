package tirl.lab;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One Ethernet segment between the server and the clients, with its own IPv4 and IPv6 subnet. The client end holds an
 * address for each of {@value #CLIENTS} clients: that many hosts cost one namespace.
 */
public final class Wire {
    static final int CLIENTS = 240;
    private static final int FIRST_CLIENT = 10;

    private final Namespace server;
    private final Namespace clients;
    private final String serverInterface;
    private final String clientInterface;
    private final int subnet;
    private int used;

    private Wire(Namespace server, Namespace clients, String serverInterface, String clientInterface, int subnet) {
        this.server = server;
        this.clients = clients;
        this.serverInterface = serverInterface;
        this.clientInterface = clientInterface;
        this.subnet = subnet;
    }

    /** A veth pair named {@code srvN} and {@code cliN}, up and with its addresses. */
    static Wire plug(Namespace server, Namespace clients, int number) {
        Wire wire = new Wire(server, clients, "srv" + number, "cli" + number, 77 + number);
        wire.replug();
        return wire;
    }

    /** Makes the same pair again, after it was {@linkplain #unplug taken away}. */
    public void replug() {
        server.ip(
                "link add " + serverInterface + " type veth peer name " + clientInterface + " netns " + clients.name());
        number();
    }

    /** Deletes the interfaces of both ends. */
    public void unplug() {
        server.ip("link del " + serverInterface);
    }

    /** Takes the server's end down, or up again with its IPv6 address, which the kernel forgets at down. */
    public void carrier(boolean up) {
        server.ip("link set " + serverInterface + (up ? " up" : " down"));
        if (up) {
            server.ip(addServerIpv6());
        }
    }

    /** An IEEE 802.1Q segment on top of this one, with subnets of its own; {@code id} is below 256. */
    public Wire vlan(int id) {
        Wire tagged = new Wire(server, clients, serverInterface + "." + id, clientInterface + "." + id, id);
        server.ip("link add link " + serverInterface + " name " + tagged.serverInterface + " type vlan id " + id);
        clients.ip("link add link " + clientInterface + " name " + tagged.clientInterface + " type vlan id " + id);
        tagged.number();
        return tagged;
    }

    /** The next address pair of this segment that nobody has used yet. */
    public Client client() {
        if (used == CLIENTS) {
            throw new LabException("all " + CLIENTS + " addresses of " + clientInterface + " are used");
        }
        int host = FIRST_CLIENT + used++;
        return new Client(this, clients, ipv4(host), ipv6(host));
    }

    public String serverIpv4() {
        return ipv4(1);
    }

    public String serverIpv6() {
        return ipv6(1);
    }

    public String serverInterface() {
        return serverInterface;
    }

    public String clientInterface() {
        return clientInterface;
    }

    /** The link-layer address that a raw frame has to carry to reach the server. */
    public String serverMac() {
        return server.ask("cat", "/sys/class/net/" + serverInterface + "/address")
                .strip();
    }

    private void number() {
        server.ip(
                "address add " + ipv4(1) + "/24 dev " + serverInterface,
                "link set " + serverInterface + " up",
                addServerIpv6());
        // nodad: an address that is still being checked for duplicates cannot be bound to.
        Stream<String> addresses = IntStream.range(FIRST_CLIENT, FIRST_CLIENT + CLIENTS)
                .boxed()
                .flatMap(host -> Stream.of(
                        "address add " + ipv4(host) + "/24 dev " + clientInterface,
                        "address add " + ipv6(host) + "/64 dev " + clientInterface + " nodad"));
        clients.ip(Stream.concat(Stream.of("link set " + clientInterface + " up"), addresses)
                .toArray(String[]::new));
    }

    private String addServerIpv6() {
        return "address add " + ipv6(1) + "/64 dev " + serverInterface + " nodad";
    }

    private String ipv4(int host) {
        return "10.77." + subnet + "." + host;
    }

    /** The host number's digits are read as hexadecimal here: fd77:0:0:4d::10 goes with 10.77.77.10. */
    private String ipv6(int host) {
        return "fd77:0:0:" + Integer.toHexString(subnet) + "::" + host;
    }
}
