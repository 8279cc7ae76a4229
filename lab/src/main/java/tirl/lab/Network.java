package tirl.lab;

/** A server namespace and a client namespace, joined by one wire or more. */
public final class Network implements AutoCloseable {
    private final Namespace server;
    private final Namespace clients;
    private final Wire wire;
    private int wires;

    private Network(Namespace server, Namespace clients) {
        this.server = server;
        this.clients = clients;
        wire = addWire();
    }

    public static Network create() {
        return new Network(Namespace.create(), Namespace.create());
    }

    public Namespace server() {
        return server;
    }

    public Namespace clients() {
        return clients;
    }

    /** The first wire, {@code srv0} to {@code cli0}. */
    public Wire wire() {
        return wire;
    }

    /** One more wire, with the next number. */
    public Wire addWire() {
        return Wire.plug(server, clients, wires++);
    }

    /** A client on the first wire whose address nobody has used yet. */
    public Client client() {
        return wire.client();
    }

    @Override
    public void close() {
        clients.close();
        server.close();
    }
}
