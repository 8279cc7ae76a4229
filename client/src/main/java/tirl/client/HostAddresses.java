package tirl.client;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The addresses of a host that are knocked at: one of each family. */
public final class HostAddresses {
    private HostAddresses() {}

    /** Resolves a name once; an address is taken as it is. IPv6 comes first. */
    public static List<InetAddress> of(String host) throws IOException {
        InetAddress[] all;
        try {
            all = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new IOException("the name " + host + " has no address", e);
        }
        List<InetAddress> chosen = new ArrayList<>();
        for (boolean ipv4 : List.of(false, true)) {
            Stream.of(all)
                    .filter(address -> address instanceof Inet4Address == ipv4)
                    .findFirst()
                    .ifPresent(chosen::add);
        }
        return List.copyOf(chosen);
    }
}
