package tirl.lab.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Tries connections so often that what it adds to a measured time is small: a new one each 0.1 ms. It sleeps in between, as a client
 * elsewhere takes no processor from the server either.
 */
final class Probe {
    /** The guarded service. */
    static final int SERVICE = 22;

    /** How long one that is not refused is waited for; with the kernel's timer slack a try takes 0.1 ms. */
    private static final long TRY_NS = 25_000;

    private static final long SLEEP_NS = 10_000;

    private Probe() {}

    /**
     * Knocks, then connects until it works. It tries before the knock as well: who waits for a port tries all the time, and what
     * the first try costs this process more than the others is not the daemon's. To be called inside the clients' namespace.
     *
     * @return nanoseconds from the last packet of the knock to the first connection; empty when there was none in time
     */
    static OptionalLong knockAndConnect(Knock knock, String from, String server, long patienceNs) throws IOException {
        boolean _ = connects(from, server);
        return untilOpen(from, server, knock.send(from, server), patienceNs);
    }

    /**
     * Connects until it works. To be called inside the clients' namespace.
     *
     * @param sinceNs when the last packet of the knock was sent
     * @return nanoseconds from then to the first connection; empty when there was none in time
     */
    static OptionalLong untilOpen(String from, String server, long sinceNs, long patienceNs) throws IOException {
        while (System.nanoTime() - sinceNs < patienceNs) {
            if (connects(from, server)) {
                return OptionalLong.of(System.nanoTime() - sinceNs);
            }
            LockSupport.parkNanos(SLEEP_NS);
        }
        return OptionalLong.empty();
    }

    private static boolean connects(String from, String server) throws IOException {
        long began = System.nanoTime();
        try (SocketChannel channel = begin(from, server, SERVICE)) {
            do {
                if (channel.finishConnect()) {
                    return true;
                }
            } while (System.nanoTime() - began < TRY_NS);
            return false;
        } catch (ConnectException refused) {
            return false;
        }
    }

    /** One SYN on its way. */
    static SocketChannel begin(String from, String to, int port) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
            boolean _ = channel.connect(new InetSocketAddress(InetAddress.ofLiteral(to), port));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }
}
