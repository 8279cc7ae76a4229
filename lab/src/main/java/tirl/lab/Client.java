package tirl.lab;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * One host that may knock: an IPv4 and an IPv6 address of the client namespace. Every probe and knock is bound to the
 * address whose family fits the destination.
 */
public final class Client {
    private static final int UDP_REPLY_LIMIT = 2048;

    private final Wire wire;
    private final Namespace namespace;
    private final String ipv4;
    private final String ipv6;

    Client(Wire wire, Namespace namespace, String ipv4, String ipv6) {
        this.wire = wire;
        this.namespace = namespace;
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    public String ipv4() {
        return ipv4;
    }

    public String ipv6() {
        return ipv6;
    }

    /** Whether a TCP connection from this client comes about. */
    public boolean connects(String to, int port, Duration timeout) {
        return reach(to, port, timeout) == Reach.OPEN;
    }

    public Reach reach(String to, int port, Duration timeout) {
        return namespace.inside(() -> reachHere(to, port, timeout));
    }

    /** A connection that stays; the port has to be open. */
    public Socket connect(String to, int port, Duration timeout) {
        return namespace.inside(() -> {
            Socket socket = new Socket();
            try {
                socket.bind(source(to));
                socket.setSoTimeout((int) timeout.toMillis());
                socket.connect(new InetSocketAddress(to, port), (int) timeout.toMillis());
                return socket;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        });
    }

    /** Whether a datagram to this port is answered. */
    public boolean answersUdp(String to, int port, Duration timeout) {
        return namespace.inside(() -> {
            try (DatagramChannel channel = DatagramChannel.open()) {
                channel.bind(source(to)).connect(new InetSocketAddress(to, port));
                channel.write(ByteBuffer.wrap(new byte[] {42}));
                channel.socket().setSoTimeout((int) timeout.toMillis());
                byte[] reply = new byte[UDP_REPLY_LIMIT];
                channel.socket().receive(new DatagramPacket(reply, reply.length));
                return true;
            } catch (SocketTimeoutException | PortUnreachableException e) {
                return false;
            }
        });
    }

    /** Sends exactly one SYN: the connection is given up before the kernel would repeat it. */
    public void syn(String to, int port) {
        namespace.inside(() -> {
            try (SocketChannel channel = SocketChannel.open()) {
                channel.configureBlocking(false);
                return channel.bind(source(to)).connect(new InetSocketAddress(to, port));
            } catch (ConnectException refusedAtOnce) {
                return false;
            }
        });
    }

    /** Sends one SYN in a frame with an IEEE 802.1Q tag; IPv4 only. Works on kernels without VLAN interfaces too. */
    public void taggedSyn(int vlan, int port) {
        namespace.inside(() -> {
            int socket = Libc.packetSocket(wire.clientInterface());
            try (Arena arena = Arena.ofConfined()) {
                SynFrame frame = new SynFrame(arena, wire.serverMac(), wire.serverIpv4(), vlan);
                int source = ByteBuffer.wrap(InetAddress.ofLiteral(ipv4).getAddress())
                        .getInt();
                Libc.send(socket, frame.from(source, port));
                return socket;
            } finally {
                Libc.close(socket);
            }
        });
    }

    /** Sends one datagram of one octet. */
    public void datagram(String to, int port) {
        namespace.inside(() -> {
            try (DatagramChannel channel = DatagramChannel.open()) {
                return channel.bind(source(to)).send(ByteBuffer.allocate(1), new InetSocketAddress(to, port));
            }
        });
    }

    /** Knocks SYNs on these ports, with a pause after each. */
    public void syns(String to, Duration pause, int... ports) {
        for (int port : ports) {
            syn(to, port);
            Await.pause(pause);
        }
    }

    /**
     * Runs a program that cannot be told a source address (Debian's knock): this client's address becomes the
     * preferred one of the route to the server first, so only one such program may run at a time.
     */
    public Output run(String... words) {
        prefer();
        return namespace.run(words);
    }

    /** From now on programs that do not choose an address have this client's. */
    public void prefer() {
        namespace.ip(
                "route replace " + wire.serverIpv4() + " dev " + wire.clientInterface() + " src " + ipv4,
                "route replace " + wire.serverIpv6() + " dev " + wire.clientInterface() + " src " + ipv6);
    }

    /** Sends one datagram. */
    public void datagram(String to, int port, byte[] payload) {
        namespace.inside(() -> {
            try (DatagramChannel channel = DatagramChannel.open()) {
                return channel.bind(source(to)).send(ByteBuffer.wrap(payload), new InetSocketAddress(to, port));
            }
        });
    }

    Reach reachHere(String to, int port, Duration timeout) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(source(to));
            socket.connect(new InetSocketAddress(to, port), (int) timeout.toMillis());
            return Reach.OPEN;
        } catch (SocketTimeoutException e) {
            return Reach.SILENT;
        } catch (ConnectException e) {
            return Reach.REFUSED;
        }
    }

    Namespace namespace() {
        return namespace;
    }

    private InetSocketAddress source(String to) {
        return new InetSocketAddress(InetAddress.ofLiteral(to.contains(":") ? ipv6 : ipv4), 0);
    }

    @Override
    public String toString() {
        return ipv4 + " " + ipv6;
    }
}
