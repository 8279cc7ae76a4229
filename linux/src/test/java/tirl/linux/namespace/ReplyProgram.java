package tirl.linux.namespace;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import tirl.linux.libc.LibcException;
import tirl.linux.reply.Endpoints;
import tirl.linux.reply.ReplySocket;
import tirl.packet.Address;

/**
 * Child program: for each pair of arguments, an address with nothing on it and one to answer to, sends a datagram and an
 * echo reply from the first to the second, and says what came in there.
 */
public final class ReplyProgram {
    private static final int PORT = 62201;
    private static final int PATIENCE_MS = 3_000;

    private ReplyProgram() {}

    public static void main(String[] arguments) throws IOException, LibcException {
        for (int i = 0; i < arguments.length; i += 2) {
            Address from = Address.parse(arguments[i]).orElseThrow();
            Address to = Address.parse(arguments[i + 1]).orElseThrow();
            byte[] payload = new byte[96];
            Arrays.fill(payload, (byte) 0xa7);
            InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral(arguments[i + 1]), 0);
            try (DatagramSocket client = new DatagramSocket(any);
                    ReplySocket socket = new ReplySocket(from.isIpv4())) {
                client.setSoTimeout(PATIENCE_MS);
                socket.echo(new Endpoints(from, 0, to, 0), 0xbeef_0001, payload);
                socket.udp(new Endpoints(from, PORT, to, client.getLocalPort()), payload);
                DatagramPacket received = new DatagramPacket(new byte[2000], 2000);
                client.receive(received);
                boolean same = Arrays.equals(payload, Arrays.copyOf(received.getData(), received.getLength()));
                System.out.println(
                        "received " + received.getAddress().getHostAddress() + " " + received.getPort() + " " + same);
            }
        }
    }
}
