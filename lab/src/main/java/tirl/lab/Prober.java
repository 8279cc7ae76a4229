package tirl.lab;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A stranger who tries one port again and again, to see whether it is open to him for even a moment. */
public final class Prober implements AutoCloseable {
    /** A handshake over veth takes well under a millisecond, so little is missed. */
    private static final Duration PATIENCE = Duration.ofMillis(4);

    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicInteger successes = new AtomicInteger();
    private final Thread thread;
    private volatile boolean stopping;

    private Prober(Client client, String to, int port) {
        thread = client.namespace().thread("prober", () -> probe(client, to, port));
    }

    public static Prober start(Client client, String to, int port) {
        return new Prober(client, to, port);
    }

    public int attempts() {
        return attempts.get();
    }

    public int successes() {
        return successes.get();
    }

    private void probe(Client client, String to, int port) {
        while (!stopping) {
            try {
                if (client.reachHere(to, port, PATIENCE) == Reach.OPEN) {
                    successes.incrementAndGet();
                }
                attempts.incrementAndGet();
            } catch (IOException linkIsDown) {
                Await.pause(PATIENCE);
            }
        }
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
