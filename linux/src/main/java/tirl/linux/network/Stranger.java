package tirl.linux.network;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import tirl.linux.libc.LibcException;
import tirl.linux.libc.ThisThread;
import tirl.packet.Address;

/**
 * A machine of our own that sees this host from outside: a network namespace with one wire to this host, and no other.
 * The namespace has no name and belongs to a thread, so that nothing of it is left when this process ends, however it
 * ends.
 */
public final class Stranger implements AutoCloseable {
    /** The end of the wire at this host. */
    public static final String HOST_END = "tirl-doctor";

    /** How a port looked. */
    public enum Sight {
        /** Somebody accepted the connection. */
        OPEN,
        /** Nobody listens, and the host says so. */
        REFUSED,
        /** No answer at all. */
        SILENT
    }

    // Link-local and unique local addresses that no network of a host is likely to have: RFC 3927, RFC 4193.
    private static final String HOST_IPV4 = "169.254.203.1";
    private static final String IPV4 = "169.254.203.2";
    private static final String HOST_IPV6 = "fd74:6972:6c00:d0c::1";
    private static final String IPV6 = "fd74:6972:6c00:d0c::2";
    private static final long COMMAND_SECONDS = 10;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("stranger").daemon().factory());

    private Stranger() {}

    /** Lays the wire; needs root or CAP_SYS_ADMIN and CAP_NET_ADMIN, and the program ip. */
    public static Stranger arrive() throws IOException {
        Stranger stranger = new Stranger();
        try {
            int id = stranger.there(() -> {
                ThisThread.leaveNetwork();
                return ThisThread.id();
            });
            ip(
                    "link add " + HOST_END + " type veth peer name wire0 netns " + id,
                    "link set " + HOST_END + " up",
                    "address add " + HOST_IPV4 + "/30 dev " + HOST_END + " scope link",
                    "address add " + HOST_IPV6 + "/64 dev " + HOST_END + " nodad");
            stranger.there(() -> {
                ip(
                        "link set lo up",
                        "address add " + IPV4 + "/30 dev wire0",
                        "link set wire0 up",
                        "address add " + IPV6 + "/64 dev wire0 nodad",
                        "route add default via " + HOST_IPV4,
                        "route add default via " + HOST_IPV6);
                return 0;
            });
            return stranger;
        } catch (LibcException e) {
            stranger.close();
            throw new IOException("a network namespace cannot be made: " + e.getMessage(), e);
        } catch (IOException e) {
            stranger.close();
            throw e;
        }
    }

    /** Its address in the family of {@code other}. */
    public Address address(InetAddress other) {
        return Address.parse(other.getAddress().length == 4 ? IPV4 : IPV6).orElseThrow();
    }

    /** How a TCP port of this host looks from there. */
    public Sight look(InetAddress to, int port, Duration patience) throws IOException {
        return there(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(to, port), (int) patience.toMillis());
                return Sight.OPEN;
            } catch (SocketTimeoutException silence) {
                return Sight.SILENT;
            } catch (ConnectException | NoRouteToHostException | PortUnreachableException refused) {
                return Sight.REFUSED;
            }
        });
    }

    private <T> T there(Callable<T> work) throws IOException {
        try {
            return thread.submit(work).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException known) {
                throw known;
            }
            throw new IOException(String.valueOf(e.getCause()), e);
        }
    }

    /** Runs {@code ip} commands in the namespace of the calling thread: a child process inherits it. */
    private static int ip(String... lines) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of("ip", "-batch", "-")).redirectErrorStream(true);
        builder.environment().merge("PATH", ":/usr/sbin:/sbin", String::concat);
        Process ip = builder.start();
        try (var input = ip.getOutputStream()) {
            input.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        try {
            String said = new String(ip.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!ip.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || ip.exitValue() != 0) {
                throw new IOException("ip: " + said.strip().replace('\n', ' '));
            }
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            ip.destroyForcibly();
        }
    }

    /** Takes the wire up at once; the namespace goes with its thread. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            ip("link del " + HOST_END);
        } catch (IOException goneOrNeverThere) {
            // then the end of the namespace takes it, or has
        }
    }
}
