package tirl.lab.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Function;

/** How an honest client asks to be let in. */
@FunctionalInterface
interface Knock {
    /**
     * Knocks; called inside the clients' namespace.
     *
     * @return when the last packet was about to leave, as {@link System#nanoTime}
     */
    long send(String from, String server) throws IOException;

    /** SYNs to these ports, with a pause before each but the first. */
    static Knock sequence(long paceNs, int... ports) {
        return (from, server) -> {
            long last = System.nanoTime();
            for (int i = 0; i < ports.length; i++) {
                Pace.until(last + (i == 0 ? 0 : paceNs));
                last = System.nanoTime();
                try (SocketChannel channel = Probe.begin(from, server, ports[i])) {
                    if (channel.isConnected()) {
                        throw new IOException("port " + ports[i] + " answers");
                    }
                }
            }
            return last;
        };
    }

    /** One datagram, made before the clock runs. */
    static Knock datagram(int port, Function<String, byte[]> payload) {
        return (from, server) -> {
            ByteBuffer packet = ByteBuffer.wrap(payload.apply(from));
            try (DatagramChannel channel = DatagramChannel.open()) {
                channel.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
                InetSocketAddress to = new InetSocketAddress(InetAddress.ofLiteral(server), port);
                long last = System.nanoTime();
                channel.send(packet, to);
                return last;
            }
        };
    }
}
