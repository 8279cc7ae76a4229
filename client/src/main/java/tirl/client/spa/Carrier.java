package tirl.client.spa;

import java.io.IOException;
import java.net.InetAddress;

/** How packets reach a server (section 4). */
@FunctionalInterface
public interface Carrier {
    /** A new line for one packet. */
    Line to(InetAddress target) throws IOException;
}
