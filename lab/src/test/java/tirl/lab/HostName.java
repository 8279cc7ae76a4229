package tirl.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A name for a site's server in the clients' namespace: {@code ip netns exec} shows its programs a hosts file of its own. */
final class HostName implements AutoCloseable {
    private final String name;
    private final Path hosts;

    private HostName(String name, Path hosts) {
        this.name = name;
        this.hosts = hosts;
    }

    static HostName of(Site site, String name) {
        try {
            Path directory = Files.createDirectories(
                    Path.of("/etc/netns", site.network.clients().name()));
            Path hosts = Files.writeString(
                    directory.resolve("hosts"),
                    "127.0.0.1 localhost\n" + site.ipv4() + " " + name + "\n" + site.ipv6() + " " + name + "\n");
            return new HostName(name, hosts);
        } catch (IOException e) {
            throw new LabException("could not name the server " + name, e);
        }
    }

    String name() {
        return name;
    }

    @Override
    public void close() {
        try {
            Files.delete(hosts);
            Files.delete(hosts.getParent());
        } catch (IOException e) {
            throw new LabException("could not remove " + hosts, e);
        }
    }
}
