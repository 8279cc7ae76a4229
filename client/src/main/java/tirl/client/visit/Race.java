package tirl.client.visit;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Connects to a port that is about to open. A shut port swallows the first SYN and the kernel repeats it only after a
 * second; so new attempts start beside those that wait, and the first that comes about wins. None is given up before the
 * end: over a slow line an early one may be the first to be answered.
 */
public final class Race {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);
    private static final Duration LAST_PAUSE = Duration.ofMillis(500);

    private final List<InetAddress> addresses;
    private final int port;
    private boolean refused;

    /**
     * To the same port at each address.
     *
     * @param addresses of one host, not empty
     */
    public Race(List<InetAddress> addresses, int port) {
        this.addresses = List.copyOf(addresses);
        this.port = port;
    }

    /** Whether an attempt was refused: the packet came back, so the port is not silent, but nobody accepts. */
    public boolean refused() {
        return refused;
    }

    /**
     * The connection, in blocking mode; empty when none comes about in time.
     *
     * @param ears when one of them has something to read, the race ends too
     */
    public Optional<SocketChannel> run(Duration patience, List<SelectableChannel> ears) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        long nextStart = System.nanoTime();
        long pause = FIRST_PAUSE.toNanos();
        List<SocketChannel> started = new ArrayList<>();
        Optional<SocketChannel> winner = Optional.empty();
        boolean spokenTo = false;
        try (Selector selector = Selector.open()) {
            for (SelectableChannel ear : ears) {
                ear.register(selector, SelectionKey.OP_READ);
            }
            while (winner.isEmpty() && !spokenTo && deadline - System.nanoTime() > 0) {
                if (nextStart - System.nanoTime() <= 0) {
                    for (InetAddress address : addresses) {
                        winner = winner.or(() -> start(address, selector, started));
                    }
                    nextStart = System.nanoTime() + pause;
                    pause = Math.min(2 * pause, LAST_PAUSE.toNanos());
                }
                if (winner.isEmpty()) {
                    selector.select(Math.max(1, (Math.min(nextStart, deadline) - System.nanoTime()) / 1_000_000));
                    spokenTo = selector.selectedKeys().stream().anyMatch(key -> ears.contains(key.channel()));
                    winner = connected(selector);
                }
            }
        } finally {
            for (SocketChannel channel : started) {
                if (winner.isEmpty() || !winner.get().equals(channel)) {
                    channel.close();
                }
            }
        }
        if (winner.isPresent()) {
            winner.get().configureBlocking(true);
        }
        return winner;
    }

    /** A connection to this host itself may come about at once. */
    private Optional<SocketChannel> start(InetAddress address, Selector selector, List<SocketChannel> started) {
        try {
            SocketChannel channel = SocketChannel.open();
            started.add(channel);
            channel.configureBlocking(false);
            if (channel.connect(new InetSocketAddress(address, port))) {
                return Optional.of(channel);
            }
            channel.register(selector, SelectionKey.OP_CONNECT);
        } catch (IOException unreachable) {
            // Of two families one may have no route; the other may do.
        }
        return Optional.empty();
    }

    private Optional<SocketChannel> connected(Selector selector) throws IOException {
        Optional<SocketChannel> winner = Optional.empty();
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.isValid() && key.channel() instanceof SocketChannel channel && winner.isEmpty()) {
                winner = finish(channel);
            }
        }
        selector.selectedKeys().clear();
        return winner;
    }

    private Optional<SocketChannel> finish(SocketChannel channel) throws IOException {
        try {
            return channel.finishConnect() ? Optional.of(channel) : Optional.empty();
        } catch (IOException failed) {
            refused |= failed instanceof ConnectException;
            channel.close();
            return Optional.empty();
        }
    }
}
