package tirl.daemon.fwknop;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What fwknopd calls its TCP server: it accepts connections, so that clients have something to send packets in, reads nothing
 * and sends nothing. The capture hears what is sent. On a thread of its own, which is there only while a port is asked for.
 */
final class TcpAcceptor implements AutoCloseable {
    /** Of those that are open at once the oldest goes: who connects and waits keeps nobody out. */
    static final int MOST_OPEN = 64;

    /** A client sends at once. */
    private static final long HELD_NS = TimeUnit.SECONDS.toNanos(1);

    private OptionalInt port = OptionalInt.empty();
    private @Nullable Listener listener;

    /** Accepts connections at this port of all addresses from now on, and at no other; empty for nowhere. */
    void listen(OptionalInt next) throws IOException {
        if (next.equals(port) && (next.isEmpty() || listener != null)) {
            return;
        }
        close();
        if (next.isPresent()) {
            Listener fresh = new Listener(next.getAsInt());
            Thread.ofPlatform().name("fwknop-tcp").daemon().start(fresh::run);
            listener = fresh;
        }
        port = next;
    }

    @Override
    public void close() {
        if (listener != null) {
            listener.close();
            listener = null;
        }
    }

    private record Held(SocketChannel channel, long untilNs) {}

    /** One port; its connections are its thread's. */
    private static final class Listener {
        private final Selector selector;
        private final ServerSocketChannel server;
        private final ArrayDeque<Held> open = new ArrayDeque<>();
        private volatile boolean closed;

        Listener(int port) throws IOException {
            selector = Selector.open();
            server = ServerSocketChannel.open();
            try {
                server.bind(new InetSocketAddress(port), MOST_OPEN).configureBlocking(false);
                server.register(selector, SelectionKey.OP_ACCEPT);
            } catch (IOException e) {
                close(server);
                close(selector);
                throw e;
            }
        }

        void run() {
            while (!closed) {
                try {
                    turn();
                } catch (ClosedChannelException ended) {
                    break;
                } catch (IOException noDescriptors) {
                    // It would be tried again at once, and again.
                    LockSupport.parkNanos(HELD_NS / 10);
                }
            }
            open.forEach(held -> close(held.channel()));
            close(selector);
        }

        private void turn() throws IOException {
            selector.select(open.isEmpty() ? 0 : 1 + TimeUnit.NANOSECONDS.toMillis(HELD_NS));
            selector.selectedKeys().clear();
            long nowNs = System.nanoTime();
            while (!open.isEmpty() && nowNs - open.getFirst().untilNs() >= 0) {
                close(open.removeFirst().channel());
            }
            for (SocketChannel next = server.accept(); next != null; next = server.accept()) {
                open.addLast(new Held(next, nowNs + HELD_NS));
                if (open.size() > MOST_OPEN) {
                    close(open.removeFirst().channel());
                }
            }
        }

        /** Another thread's; its own closes the rest. */
        void close() {
            closed = true;
            close(server);
            selector.wakeup();
        }

        private static void close(Closeable resource) {
            try {
                resource.close();
            } catch (IOException gone) {
                // It is what was wanted.
            }
        }
    }
}
