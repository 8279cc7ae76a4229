package tirl.lab.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.OptionalLong;

/** Tries connections so often that what it adds to a measured time is small: a new one each 0.05 ms. */
final class Probe {
    /** The guarded service. */
    static final int SERVICE = 22;

    private static final long RETRY_NS = 50_000;

    private Probe() {}

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
            } while (System.nanoTime() - began < RETRY_NS);
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
