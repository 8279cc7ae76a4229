package tirl.client.visit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/** Passes octets both ways between a connection and two streams, as ssh expects of a ProxyCommand. */
public final class Splice {
    private static final int BUFFER = 64 * 1024;

    private Splice() {}

    /** Returns when the other side has closed. */
    public static void run(SocketChannel connection, InputStream in, OutputStream out) throws IOException {
        Thread.ofPlatform().name("splice").daemon().start(() -> send(connection, in));
        copy(Channels.newInputStream(connection), out);
    }

    /** The end of the input is passed on; the other side may still have something to say. */
    private static void send(SocketChannel connection, InputStream in) {
        try {
            copy(in, Channels.newOutputStream(connection));
            connection.shutdownOutput();
        } catch (IOException closed) {
            // The other direction sees it too, and ends.
        }
    }

    /** Flushes after each piece: somebody types. */
    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            out.write(buffer, 0, length);
            out.flush();
        }
    }
}
