package tirl.daemon.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/**
 * Listens on the control socket. Each connection has a virtual thread; what it asks for is done by the decision thread.
 */
public final class ControlServer implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 64;
    /** Events that a slow watcher may lag behind before it misses some. */
    private static final int WATCH_QUEUE = 4096;
    /** How often a quiet watcher's connection is tried, so that one that went away is noticed. */
    private static final int WATCH_PING_SECONDS = 5;

    private static final int LAST_ANSWERS_SECONDS = 2;

    private final ControlRequests requests;
    private final Path path;
    private final String owner;
    private final ServerSocketChannel server;
    private final Semaphore room = new Semaphore(MAX_CONNECTIONS);
    /** Held while an answer is under way, so that closing does not cut it off. */
    private final Semaphore answers = new Semaphore(MAX_CONNECTIONS);

    /** Binds the socket, readable and writable by its owner only, in the place of one that a dead daemon left. */
    public ControlServer(Path path, ControlRequests requests) throws IOException {
        this.requests = requests;
        this.path = path;
        Path folder = Objects.requireNonNull(path.getParent(), "an absolute path has a parent");
        Files.createDirectories(folder);
        // Bound inside a folder that nobody else can enter, then moved: at no moment can somebody else connect.
        Path closed = Files.createTempDirectory(
                folder, ".tirl", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path fresh = closed.resolve("s");
        try {
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(fresh));
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
            owner = Files.getOwner(fresh).getName();
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(path + " is not on a file system that can hold a socket", e);
        } finally {
            Files.deleteIfExists(fresh);
            Files.delete(closed);
        }
        Thread.ofVirtual().name("control").start(this::accept);
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel connection = server.accept();
                if (room.tryAcquire()) {
                    Thread.ofVirtual().start(() -> serve(connection));
                } else {
                    connection.close();
                }
            } catch (IOException e) {
                // The server was closed, or the peer was gone before it was accepted.
            }
        }
    }

    private void serve(SocketChannel connection) {
        try (connection;
                BufferedReader in = new BufferedReader(Channels.newReader(connection, StandardCharsets.UTF_8));
                Writer out = Channels.newWriter(connection, StandardCharsets.UTF_8)) {
            try {
                checkPeer(connection);
                var request = JsonLines.receiveBounded(in);
                if (request.isPresent()) {
                    answer(request.get(), out);
                }
            } catch (ControlException e) {
                JsonLines.send(out, Map.of("ok", false, "error", e.reason()));
            }
        } catch (IOException e) {
            // The peer went away; nothing is lost by it.
        } finally {
            room.release();
        }
    }

    /** The mode of the socket keeps others out already; this holds also when somebody loosens it. */
    private void checkPeer(SocketChannel connection) throws IOException, ControlException {
        String peer =
                connection.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        if (!peer.equals(owner) && !peer.equals("root")) {
            throw new ControlException("only " + owner + " and root may control this daemon, not " + peer);
        }
    }

    private void answer(Map<String, Object> request, Writer out) throws IOException, ControlException {
        if ("watch".equals(request.get("command"))) {
            stream(out);
            return;
        }
        answers.acquireUninterruptibly();
        try {
            JsonLines.send(out, Map.of("ok", true, "result", requests.answer(request)));
        } finally {
            answers.release();
        }
    }

    private void stream(Writer out) throws IOException {
        BlockingQueue<Map<String, Object>> queue = new ArrayBlockingQueue<>(WATCH_QUEUE);
        requests.watch(queue);
        try {
            JsonLines.send(out, Map.of("ok", true, "result", "watching"));
            while (true) {
                Map<String, Object> event = queue.poll(WATCH_PING_SECONDS, TimeUnit.SECONDS);
                JsonLines.send(out, event == null ? Map.of() : event);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            requests.unwatch(queue);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
            if (!answers.tryAcquire(MAX_CONNECTIONS, LAST_ANSWERS_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("an answer is still under way");
            }
        } catch (IOException e) {
            // The next daemon replaces what is left of the socket; who still waits sees that we hung up.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
