package tirl.daemon.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Asks a running daemon. */
public final class ControlClient {
    private final Path socket;

    public ControlClient(Path socket) {
        this.socket = socket;
    }

    /** Sends one request and returns its result. */
    public Object ask(Map<String, Object> request) throws ControlException {
        return converse(request, _ -> false);
    }

    /** Watches events until {@code more} answers false or the daemon ends. */
    public void watch(Predicate<Map<String, Object>> more) throws ControlException {
        converse(Map.of("command", "watch"), more);
    }

    private Object converse(Map<String, Object> request, Predicate<Map<String, Object>> more) throws ControlException {
        checkOwner();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            Writer out = Channels.newWriter(channel, StandardCharsets.UTF_8);
            BufferedReader in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
            JsonLines.send(out, request);
            Map<String, Object> first =
                    JsonLines.receive(in).orElseThrow(() -> new ControlException("the daemon hung up"));
            if (!Boolean.TRUE.equals(first.get("ok"))) {
                throw new ControlException(String.valueOf(first.get("error")));
            }
            Optional<Map<String, Object>> event = Optional.of(Map.of());
            while (event.isPresent() && (event.get().isEmpty() || more.test(event.get()))) {
                event = "watching".equals(first.get("result")) ? JsonLines.receive(in) : Optional.empty();
            }
            return first.getOrDefault("result", "");
        } catch (IOException e) {
            throw new ControlException(
                    "no daemon answers at " + socket + " (" + e.getMessage() + "); is `tirl serve` running?", e);
        }
    }

    /** A socket that somebody else put there could tell us anything. */
    private void checkOwner() throws ControlException {
        try {
            if (!Files.exists(socket)) {
                throw new ControlException("there is no control socket " + socket
                        + "; is `tirl serve` running? Name its configuration with -c, or the socket with --control");
            }
            String owner = Files.getOwner(socket).getName();
            if (!owner.equals("root") && !owner.equals(System.getProperty("user.name"))) {
                throw new ControlException(socket + " belongs to " + owner + ", neither to root nor to you");
            }
        } catch (IOException e) {
            throw new ControlException(socket + ": " + e.getMessage(), e);
        }
    }
}
