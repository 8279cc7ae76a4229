package tirl.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;

/** Sends single knocks. */
public final class Knocker {
    private final EchoSender echoes;

    public Knocker(EchoSender echoes) {
        this.echoes = echoes;
    }

    /** Sends one packet to the target; whether it arrives is not known. */
    public void send(InetAddress target, Knock knock) throws IOException {
        switch (knock.transport()) {
            case TCP -> syn(new InetSocketAddress(target, knock.number()));
            case UDP -> datagram(new InetSocketAddress(target, knock.number()));
            case ICMP -> echoes.send(target, knock.number());
        }
    }

    /** A connect that is given up at once: the kernel sends one SYN and, as the socket is gone, repeats none. */
    private static void syn(InetSocketAddress target) throws IOException {
        try (SocketChannel channel = SocketChannel.open(family(target))) {
            channel.configureBlocking(false);
            channel.connect(target);
        } catch (ConnectException refused) {
            // The packet was answered by a reset, as a closed port without a firewall does: it has arrived.
        }
    }

    /** One octet, zero, as knockd's client sends. */
    private static void datagram(InetSocketAddress target) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open(family(target))) {
            channel.send(ByteBuffer.allocate(1), target);
        }
    }

    private static StandardProtocolFamily family(InetSocketAddress target) {
        return target.getAddress() instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }
}
