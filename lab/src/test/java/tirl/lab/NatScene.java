package tirl.lab;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Debian's fwknop asks this host for NAT; a client, the host, and a machine behind it. */
class NatScene {
    static final List<String> INTERFACES = List.of("srv0");
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final String NOBODY = "nobody";
    static final String INSIDE = Backend.IPV4 + ":80";
    static final String SNAT = "10.99.0.77";
    static final String NAT_ON = "ENABLE_IPT_FORWARDING Y\nENABLE_IPT_LOCAL_NAT Y\n";

    @TempDir
    Path folder = Path.of("/nonexistent");

    Network network;
    Backend backend;
    TirlProcess tirl;
    final List<AutoCloseable> services = new ArrayList<>();

    /** Each stanza has keys of its own, so a packet is for one of them. */
    enum Stanza {
        ANY_TARGET("OPEN_PORTS tcp/8080, tcp/80, tcp/22, udp/5353, udp/53"),
        FORCED("OPEN_PORTS tcp/8081\nFORCE_NAT 10.99.0.2 80"),
        SNATTED("OPEN_PORTS tcp/8082\nFORCE_NAT 10.99.0.2 80\nFORCE_SNAT " + SNAT),
        MASQUERADED("OPEN_PORTS tcp/8083\nFORCE_NAT 10.99.0.2 80\nFORCE_MASQUERADE Y"),
        RESTRICTED("RESTRICT_PORTS tcp/22"),
        NARROW("OPEN_PORTS tcp/8085"),
        IPV6("OPEN_PORTS tcp/8088\nFORCE_NAT " + Backend.IPV6 + " 80\nFORCE_MASQUERADE Y"),
        GATEWAY("OPEN_PORTS tcp/8086\nFORWARD_ALL Y");

        private final String lines;

        Stanza(String lines) {
            this.lines = lines;
        }

        String key(String kind) {
            return Base64.getEncoder()
                    .encodeToString((kind + "-" + name() + "-0123456789abcdef0123456789")
                            .substring(0, 32)
                            .getBytes(StandardCharsets.US_ASCII));
        }

        String text() {
            return "SOURCE ANY\nKEY_BASE64 " + key("cipher") + "\nHMAC_KEY_BASE64 " + key("hmac")
                    + "\nFW_ACCESS_TIMEOUT 300\n" + lines + "\n";
        }
    }

    @BeforeEach
    void start() throws IOException {
        network = Network.create();
        Backend.forwarding(network.server(), true);
        backend = Backend.behind(network.server());
        network.server().ip("address add " + SNAT + "/24 dev back0");
        services.add(Names.answer(backend.namespace(), 80, "machine"));
        services.add(Names.answer(network.server(), 22, "ssh"));
        services.add(Names.answer(network.server(), 8080, "here"));
        services.add(Names.answer(network.server(), 8081, "here"));
        fwknopFiles(NAT_ON, List.of(Stanza.values()));
        tirl = TirlProcess.start(network.server(), INTERFACES, config(""));
    }

    String config(String head) {
        return head + "[fwknop]\ndirectory = \"" + folder + "\"\n";
    }

    void fwknopFiles(String conf, List<Stanza> stanzas) throws IOException {
        Files.writeString(folder.resolve("fwknopd.conf"), conf);
        Path access = folder.resolve("access.conf");
        Files.writeString(
                access, String.join("\n", stanzas.stream().map(Stanza::text).toList()));
        Files.setPosixFilePermissions(access, PosixFilePermissions.fromString("rw-------"));
    }

    @AfterEach
    void stop() throws Exception {
        tirl.close();
        for (AutoCloseable service : services) {
            service.close();
        }
        backend.close();
        network.close();
    }

    String server() {
        return network.wire().serverIpv4();
    }

    String table() {
        return network.server().ask("nft", "list", "table", "inet", "tirl");
    }

    /** What the kernel has for live leases. */
    String elements() {
        StringBuilder all = new StringBuilder();
        for (String name : List.of("set open4", "map nat_to4", "map nat_here4", "map nat_as4", "set nat_masq4")) {
            String[] words = name.split(" ", 2);
            all.append(network.server().ask("nft", "list", words[0], "inet", "tirl", words[1]));
        }
        return all.toString();
    }

    void knock(Client client, Stanza stanza, String... words) {
        List<String> all = new ArrayList<>(List.of("fwknop", "--no-rc-file", "--no-save-args", "--use-hmac"));
        all.addAll(List.of("--key-base64-rijndael", stanza.key("cipher"), "--key-base64-hmac", stanza.key("hmac")));
        all.addAll(List.of("-a", client.ipv4(), "-D", server()));
        all.addAll(List.of(words));
        client.run(all.toArray(String[]::new)).orThrow();
    }

    void refuse(Client client, String why, Stanza stanza, String... words) {
        long before = denials(why);
        knock(client, stanza, words);
        Await.until(() -> "\"" + why + "\" in the log:\n" + tirl.log(), PATIENCE, () -> denials(why) > before);
    }

    long denials(String why) {
        return tirl.log()
                .lines()
                .filter(line -> line.contains("denied") && line.contains(why))
                .count();
    }

    void awaitAnswer(Client client, int port, String wanted) {
        Await.until(
                () -> "\"" + wanted + "\" at port " + port + ", not \"" + ask(client, port) + "\"; the log:\n"
                        + tirl.log() + table(),
                PATIENCE,
                () -> ask(client, port).equals(wanted));
    }

    /** Who answers there, and whom he takes the client for. */
    String ask(Client client, int port) {
        return ask(client, server(), port);
    }

    static String ask(Client client, String server, int port) {
        try (Socket socket = client.connect(server, port, Site.PROBE)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (LabException | IOException silence) {
            return NOBODY;
        }
    }
}
