package tirl.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A service that says who it is and whom it sees: which machine answered, and what became of the client's address. */
final class Names implements AutoCloseable {
    private final ServerSocket listener;
    private final String name;

    private Names(ServerSocket listener, String name) {
        this.listener = listener;
        this.name = name;
    }

    static Names answer(Namespace namespace, int port, String name) {
        Names names = new Names(
                namespace.inside(() -> {
                    ServerSocket socket = new ServerSocket();
                    socket.bind(new InetSocketAddress(port));
                    return socket;
                }),
                name);
        Thread.ofPlatform().name("names").daemon().start(names::accept);
        return names;
    }

    private void accept() {
        try {
            while (true) {
                answer(listener.accept());
            }
        } catch (SocketException closed) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(Socket connection) {
        try (connection) {
            String text = name + " " + connection.getInetAddress().getHostAddress();
            connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException clientWentAway) {
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
