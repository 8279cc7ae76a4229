package tirl.lab.bench;

import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import tirl.lab.Client;
import tirl.lab.EchoService;
import tirl.lab.Network;

/** A server with a service and its clients, new for each daemon. */
final class Stage implements AutoCloseable {
    /** So that a run can be repeated. */
    static final long SEED = 20_261_121;

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);

    private final Network network = Network.create();
    private final EchoService service;
    private final Random random = new Random(SEED);
    private boolean shut;

    private Stage() {
        service = EchoService.listen(network.server(), Probe.SERVICE);
    }

    static Stage set() {
        return new Stage();
    }

    Network network() {
        return network;
    }

    String server() {
        return network.wire().serverIpv4();
    }

    /** For a daemon that opens a firewall but shuts none. Once is enough. */
    Stage shut() {
        if (shut) {
            return this;
        }
        shut = true;
        network.server()
                .run("iptables", "-A", "INPUT", "-m", "state", "--state", "ESTABLISHED", "-j", "ACCEPT")
                .orThrow();
        network.server()
                .run("iptables", "-A", "INPUT", "-p", "tcp", "--dport", "22", "-j", "DROP")
                .orThrow();
        return this;
    }

    /** One honest attempt from an address that nobody used: milliseconds from its last packet to a connection. */
    OptionalLong attempt(Knock knock, long patienceNs) {
        return attempt(knock, network.client(), patienceNs);
    }

    OptionalLong attempt(Knock knock, Client client, long patienceNs) {
        return network.clients().inside(() -> {
            Probe.goFirst();
            return Probe.knockAndConnect(knock, client.ipv4(), server(), patienceNs);
        });
    }

    /** Many of them, one after the other at irregular times: a timer of the daemon must not keep step with us. */
    Attempts attempts(Knock knock, int rounds) {
        // One thread for all: to begin one takes a tenth of a millisecond, which would be added to each.
        return network.clients().inside(() -> {
            Probe.goFirst();
            // Else one of this JVM's collections comes in the midst of a knock.
            System.gc();
            Attempts attempts = new Attempts();
            for (int i = 0; i < rounds; i++) {
                Pace.millis(20 + random.nextInt(100));
                attempts.add(Probe.knockAndConnect(knock, network.client().ipv4(), server(), PATIENCE_NS));
            }
            return attempts;
        });
    }

    /** Has this JVM compile the probe. To be called when the port is open for one client. */
    void practise(Client open) {
        Client shut = network.client();
        network.clients().inside(() -> {
            Probe.practise(open.ipv4(), shut.ipv4(), server());
            return true;
        });
    }

    /** The same while {@code lasts} holds. */
    Attempts attemptsWhile(Knock knock, BooleanSupplier lasts, int most, long patienceNs) {
        Attempts attempts = new Attempts();
        while (lasts.getAsBoolean() && attempts.tried() < most) {
            attempts.add(attempt(knock, patienceNs));
            Pace.millis(100 + random.nextInt(100));
        }
        return attempts;
    }

    @Override
    public void close() {
        service.close();
        network.close();
    }
}
