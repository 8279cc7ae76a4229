package tirl.client.fwknop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import tirl.fwknop.HttpCarrier;

/** Sends packets. There is no answer: whether one arrived shows only at the port that it asked for. */
public final class Delivery {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String SCHEME = "http://";

    private final Echo echo;

    public Delivery(Echo echo) {
        this.echo = echo;
    }

    /** Sends an ICMP echo request with this payload; Java alone cannot. */
    @FunctionalInterface
    public interface Echo {
        void send(InetAddress target, byte[] payload) throws IOException;
    }

    /**
     * Sends one.
     *
     * @param server the address of the route's host; of a proxy when there is one
     * @param packet as {@link Plan#packet} made it
     */
    public void send(Route route, InetAddress server, String packet) throws IOException {
        byte[] text = packet.getBytes(StandardCharsets.US_ASCII);
        switch (route.carrier()) {
            case UDP -> datagram(route, new InetSocketAddress(server, route.port()), text);
            case TCP -> connection(route, new InetSocketAddress(server, route.port()), text);
            case HTTP -> http(route, server, packet);
            case ICMP -> echo.send(server, text);
        }
    }

    private static void datagram(Route route, InetSocketAddress target, byte[] packet) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            if (route.sourcePort() != 0) {
                channel.bind(new InetSocketAddress(route.sourcePort()));
            }
            channel.send(ByteBuffer.wrap(packet), target);
        }
    }

    private static void http(Route route, InetAddress server, String packet) throws IOException {
        Optional<String> proxied = route.proxy().map(any -> SCHEME + route.host() + ":" + route.port());
        int port =
                route.proxy().isEmpty() ? route.port() : proxyPort(route.proxy().get());
        String request = HttpCarrier.write(packet, route.host(), proxied, route.agent());
        connection(route, new InetSocketAddress(server, port), request.getBytes(StandardCharsets.US_ASCII));
    }

    /** The host of {@code host} or {@code host:port}, with or without {@code http://}. */
    public static String proxyHost(String proxy) {
        return bare(proxy).split(":", 2)[0];
    }

    private static String bare(String proxy) {
        return proxy.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) ? proxy.substring(SCHEME.length()) : proxy;
    }

    private static int proxyPort(String proxy) throws IOException {
        String[] parts = bare(proxy).split(":", 2);
        try {
            return parts.length < 2 ? 80 : Requests.port("--http-proxy", parts[1]);
        } catch (FwknopException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void connection(Route route, InetSocketAddress target, byte[] bytes) throws IOException {
        try (Socket socket = new Socket()) {
            if (route.sourcePort() != 0) {
                socket.bind(new InetSocketAddress(route.sourcePort()));
            }
            socket.connect(target, (int) PATIENCE.toMillis());
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            socket.shutdownOutput();
        }
    }
}
