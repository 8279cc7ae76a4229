package tirl.client;

import java.io.IOException;
import java.net.InetAddress;

/** Sends an ICMP echo request with so many octets of payload; Java alone cannot. */
@FunctionalInterface
public interface EchoSender {
    void send(InetAddress target, int payload) throws IOException;
}
