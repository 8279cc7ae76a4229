package tirl.lab;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** The real fwknopd 2.6.10, which sniffs as it does by default, and something that accepts connections. */
final class Fwknopd implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(60);

    private final Network network;
    private final List<ServerSocket> listeners;
    private final Background process;

    private Fwknopd(Network network, List<ServerSocket> listeners, Background process) {
        this.network = network;
        this.listeners = listeners;
        this.process = process;
    }

    /** Starts it. It may not be ready when this returns; see {@link #isSniffing}. */
    static Fwknopd start(Network network, Path folder, List<String> stanzas, String... more) throws IOException {
        Path access = write(folder.resolve("access.conf"), String.join("\n", stanzas));
        Path conf = write(
                folder.resolve("fwknopd.conf"),
                "PCAP_INTF " + network.wire().serverInterface() + "\nENABLE_PCAP_PROMISC N\n"
                        + "PCAP_FILTER udp port 62201 or tcp port 62201 or tcp port 80 or icmp\n"
                        + "ENABLE_SPA_OVER_HTTP Y\nENABLE_IPT_FORWARDING Y\nENABLE_IPT_LOCAL_NAT Y\n"
                        + String.join("\n", more) + "\n");
        // Connections come about as long as the queue of those that nobody accepts has room.
        List<ServerSocket> listeners =
                network.server().inside(() -> List.of(new ServerSocket(80, 1000), new ServerSocket(62201, 1000)));
        Background process = network.server()
                .start("fwknopd", "-f", "-c", conf.toString(), "-a", access.toString(), "-r", folder.toString());
        return new Fwknopd(network, listeners, process);
    }

    private static Path write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    boolean isSniffing() {
        if (!process.alive()) {
            throw new LabException("fwknopd ended:\n" + log());
        }
        return network.server().ask("cat", "/proc/net/packet").lines().count() > 1;
    }

    String rules() {
        return network.server().ask("iptables-save");
    }

    /** Takes away what it has opened, so that its next rules are made as quickly as the first. */
    void forget() {
        network.server()
                .ask(
                        "sh",
                        "-c",
                        "iptables -F FWKNOP_INPUT && iptables -F FWKNOP_FORWARD && iptables -t nat -F FWKNOP_PREROUTING");
    }

    String log() {
        return process.out() + process.err();
    }

    @Override
    public void close() throws IOException {
        process.close();
        for (ServerSocket listener : listeners) {
            listener.close();
        }
    }
}
