package tirl.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SelectableChannel;
import java.util.Optional;
import java.util.random.RandomGenerator;
import tirl.client.spa.Carrier;
import tirl.client.spa.Line;
import tirl.linux.icmp.EchoLine;

/** Packets in pings. */
record EchoCarrier(RandomGenerator random) implements Carrier {
    @Override
    public Line to(InetAddress target) throws IOException {
        EchoLine line = EchoLine.to(target, (short) random.nextInt());
        return new Line() {
            @Override
            public void send(byte[] packet) throws IOException {
                line.send(packet);
            }

            @Override
            public Optional<byte[]> receive() throws IOException {
                return line.receive();
            }

            @Override
            public Optional<SelectableChannel> ear() {
                return Optional.empty();
            }

            @Override
            public void close() {
                line.close();
            }
        };
    }
}
