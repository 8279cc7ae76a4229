package tirl.linux.namespace;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import tirl.linux.icmp.EchoLine;

/** Child program: sends octets in a ping to each address that is an argument, and says whether they come back. */
public final class EchoLineProgram {
    private EchoLineProgram() {}

    public static void main(String[] arguments) {
        for (String target : arguments) {
            byte[] payload = new byte[1233];
            new Random(1).nextBytes(payload);
            try (EchoLine other = EchoLine.to(InetAddress.ofLiteral(target), (short) 2);
                    EchoLine line = EchoLine.to(InetAddress.ofLiteral(target), (short) 1)) {
                other.send(new byte[10]);
                line.send(payload);
                Optional<byte[]> back = line.receive();
                while (back.isEmpty()) {
                    Thread.onSpinWait();
                    back = line.receive();
                }
                System.out.println(Arrays.equals(back.get(), payload) ? "back" : "other octets");
            } catch (IOException refused) {
                System.out.println("failed " + refused.getMessage());
            }
        }
    }
}
