package tirl.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that never stops talking: it sends an octet every few milliseconds, and counts what it hears. */
public final class Talker implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final ServerSocketChannel listener;
    private final AtomicInteger heard = new AtomicInteger();
    private final AtomicInteger live = new AtomicInteger();
    private volatile boolean stopping;

    private Talker(ServerSocketChannel listener) {
        this.listener = listener;
    }

    /** Listens on every address of the namespace. */
    public static Talker listen(Namespace namespace, int port) {
        Talker talker =
                new Talker(namespace.inside(() -> ServerSocketChannel.open().bind(new InetSocketAddress(port))));
        Thread.ofPlatform().name("talker").daemon().start(talker::accept);
        return talker;
    }

    /** Octets heard from all clients. */
    public int heard() {
        return heard.get();
    }

    /** Connections over which it can still send, as far as it knows. */
    public int live() {
        return live.get();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel connection = listener.accept();
                live.incrementAndGet();
                Thread.ofPlatform().daemon().start(() -> hear(connection.socket()));
                Thread.ofPlatform().daemon().start(() -> talk(connection.socket()));
            }
        } catch (ClosedChannelException closed) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void hear(Socket connection) {
        try {
            InputStream in = connection.getInputStream();
            while (in.read() >= 0) {
                heard.incrementAndGet();
            }
        } catch (IOException reset) {
            return;
        }
    }

    private void talk(Socket connection) {
        try (connection) {
            while (!stopping) {
                connection.getOutputStream().write('t');
                Await.pause(PAUSE);
            }
        } catch (IOException reset) {
            return;
        } finally {
            live.decrementAndGet();
        }
    }

    @Override
    public void close() {
        stopping = true;
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
