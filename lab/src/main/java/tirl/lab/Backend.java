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
        server.ip(
                "link add back0 type veth peer name up0 netns " + namespace.name(),
                "address add 10.99.0.1/24 dev back0",
                "link set back0 up",
                "address add fd99::1/64 dev back0 nodad");
        namespace.ip(
                "address add " + IPV4 + "/24 dev up0",
                "link set up0 up",
                "address add " + IPV6 + "/64 dev up0 nodad",
                "route add default via 10.99.0.1",
                "route add default via fd99::1");
        return new Backend(namespace);
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
