package tirl.lab;

/**
 * A machine behind the server: its own namespace and a wire to the server that no client is on.
 */
public final class Backend implements AutoCloseable {
    public static final String IPV4 = "10.99.0.2";
    public static final String IPV6 = "fd99::2";

    private final Namespace namespace;

    private Backend(Namespace namespace) {
        this.namespace = namespace;
    }

    /** Plugs one in; its default route is the server. */
    public static Backend behind(Namespace server) {
        Namespace namespace = Namespace.create();
        server.ip("link add back0 type veth peer name up0 netns " + namespace.name());
        checkNoDuplicates(server, "back0");
        checkNoDuplicates(namespace, "up0");
        server.ip("address add 10.99.0.1/24 dev back0", "link set back0 up", "address add fd99::1/64 dev back0 nodad");
        namespace.ip(
                "address add " + IPV4 + "/24 dev up0",
                "link set up0 up",
                "address add " + IPV6 + "/64 dev up0 nodad",
                "route add default via 10.99.0.1",
                "route add default via fd99::1");
        awaitLinkLocal(server, "back0");
        awaitLinkLocal(namespace, "up0");
        return new Backend(namespace);
    }

    /**
     * A router asks for a neighbour from its link-local address. For the second or two in which that address is being checked
     * for duplicates the kernel asks nothing, and what is to be passed on waits: a first connection seems to be lost.
     */
    private static void checkNoDuplicates(Namespace where, String device) {
        where.ask("sysctl", "-qw", "net.ipv6.conf." + device + ".accept_dad=0");
    }

    private static void awaitLinkLocal(Namespace where, String device) {
        Await.until(
                () -> "a link-local address of " + device + ": " + where.ask("ip", "-6", "address", "show"),
                Namespace.SOON,
                () -> where.ask("ip", "-6", "address", "show", "dev", device, "scope", "link", "-tentative")
                        .contains("fe80"));
    }

    /** From now on it answers to its neighbours only, such as the server itself. */
    public void forgetRoute() {
        namespace.ip("route del default via 10.99.0.1", "route del default via fd99::1");
    }

    /** Lets the server pass packets on, or not. */
    public static void forwarding(Namespace server, boolean on) {
        String value = on ? "1" : "0";
        server.ask("sysctl", "-qw", "net.ipv4.ip_forward=" + value, "net.ipv6.conf.all.forwarding=" + value);
    }

    public Namespace namespace() {
        return namespace;
    }

    @Override
    public void close() {
        namespace.close();
    }
}
