package tirl.client.spa;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * UDP to a port of a range, another one for each packet. Each packet has a socket of its own, so that nothing that the
 * kernel or a router on the way remembers of one packet is in the way of the next; the socket is connected, so that it
 * hears the server alone.
 */
public final class UdpCarrier implements Carrier {
    /** More than any answer: a longer datagram must not look like one when it is cut. */
    private static final int BUFFER = 256;

    private final int firstPort;
    private final int lastPort;
    private final RandomGenerator random;

    public UdpCarrier(int firstPort, int lastPort, RandomGenerator random) {
        this.firstPort = firstPort;
        this.lastPort = lastPort;
        this.random = random;
    }

    @Override
    public Line to(InetAddress target) throws IOException {
        int port = random.nextInt(firstPort, lastPort + 1);
        DatagramChannel channel = DatagramChannel.open(
                target instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        try {
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(target, port));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        return new UdpLine(channel);
    }

    private record UdpLine(DatagramChannel channel) implements Line {
        @Override
        public void send(byte[] packet) throws IOException {
            if (channel.write(ByteBuffer.wrap(packet)) == 0) {
                throw new IOException("the network is too busy");
            }
        }

        @Override
        public Optional<byte[]> receive() throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            int length = channel.read(buffer);
            return length <= 0 ? Optional.empty() : Optional.of(Arrays.copyOf(buffer.array(), length));
        }

        @Override
        public Optional<SelectableChannel> ear() {
            return Optional.of(channel);
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException alreadyGone) {
                // Nothing of it is left either way.
            }
        }
    }
}
