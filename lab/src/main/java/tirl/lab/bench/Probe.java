package tirl.lab.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import tirl.lab.LabException;
import tirl.linux.libc.ThisThread;

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
    private static final int PRACTICE = 6_000;
    /** Longer than those of a daemon of ours, which is not to be held up. */
    private static final Duration TURN = Duration.ofMillis(1);

    private Probe() {}

    /**
     * Has the calling thread run as soon as it is woken. Else it waits some milliseconds now and then for a compiler that has its
     * processor, this JVM's own among them, and a port that is open for long counts as shut.
     */
    static void goFirst() {
        boolean _ = ThisThread.takeTurns(TURN);
    }

    /**
     * Tries so often that this JVM has compiled it: its compilers would have the daemon's processors otherwise, and the probe's. To be
     * called inside the clients' namespace.
     *
     * @param open from where the port is open
     * @param shut from where it is not
     */
    static void practise(String open, String shut, String server) throws IOException {
        int opened = 0;
        int wrong = 0;
        for (int i = 0; i < PRACTICE; i++) {
            opened += connects(open, server) ? 1 : 0;
            wrong += connects(shut, server) ? 1 : 0;
            LockSupport.parkNanos(SLEEP_NS);
        }
        // A try may be over before its answer comes.
        if (opened < PRACTICE / 2 || wrong > 0) {
            throw new LabException("of " + PRACTICE + " tries " + opened + " by " + open + " were let in and " + wrong
                    + " by " + shut);
        }
    }

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
