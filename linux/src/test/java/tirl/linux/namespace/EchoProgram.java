package tirl.linux.namespace;

import java.io.IOException;
import java.net.InetAddress;
import tirl.linux.icmp.EchoSocket;

/** Child program: sends a ping to each address that is an argument. */
public final class EchoProgram {
    private EchoProgram() {}

    public static void main(String[] arguments) {
        for (String target : arguments) {
            try {
                EchoSocket.send(InetAddress.ofLiteral(target), 13);
                System.out.println("sent");
            } catch (IOException refused) {
                System.out.println("failed " + refused.getMessage());
            }
        }
    }
}
