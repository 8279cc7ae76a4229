package tirl.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** What a guarded port guards: an echo service over TCP and UDP, for IPv4 and IPv6, by threads of this JVM. */
public final class EchoService implements AutoCloseable {
    private static final int DATAGRAM_LIMIT = 2048;

    private final ServerSocketChannel tcp;
    private final DatagramChannel udp;

    private EchoService(ServerSocketChannel tcp, DatagramChannel udp) {
        this.tcp = tcp;
        this.udp = udp;
    }

    /** Listens on the same port of both protocols in {@code namespace}, on its every address. */
    public static EchoService listen(Namespace namespace, int port) {
        EchoService service = namespace.inside(() -> new EchoService(
                ServerSocketChannel.open().bind(new InetSocketAddress(port)),
                DatagramChannel.open().bind(new InetSocketAddress(port))));
        Thread.ofPlatform().name("echo-tcp").daemon().start(service::accept);
        Thread.ofPlatform().name("echo-udp").daemon().start(service::answer);
        return service;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel connection = tcp.accept();
                Thread.ofVirtual().start(() -> echo(connection));
            }
        } catch (ClosedChannelException closed) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void echo(SocketChannel connection) {
        try (Socket socket = connection.socket()) {
            var _ = socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException peerWentAway) {
            return;
        }
    }

    private void answer() {
        ByteBuffer datagram = ByteBuffer.allocate(DATAGRAM_LIMIT);
        try {
            while (true) {
                var peer = udp.receive(datagram);
                udp.send(datagram.flip(), peer);
                datagram.clear();
            }
        } catch (ClosedChannelException closed) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            tcp.close();
            udp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
