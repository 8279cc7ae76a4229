package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tirl.client.fwknop.Delivery;
import tirl.client.fwknop.Keys;
import tirl.client.fwknop.Plan;
import tirl.client.fwknop.RcText;
import tirl.client.fwknop.Secret;
import tirl.client.fwknop.Values;
import tirl.client.fwknop.Variable;
import tirl.fwknop.DigestType;
import tirl.fwknop.EncryptionMode;
import tirl.packet.Address;

/** Our client of fwknop opens the real fwknopd 2.6.10. */
@Tag("netns")
class FwknopClientTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<DigestType> DIGESTS = List.of(DigestType.values());
    private static final int FIRST_PORT = 20_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path folder = Path.of("/nonexistent");

    /** Each asks for a port of its own, with keys of its own stanza. */
    private record Row(String mode, Optional<String> hmac, String digest, int kind, int port, Keys keys) {
        String stanza() {
            return "SOURCE ANY\nFW_ACCESS_TIMEOUT 300\nKEY_BASE64 " + keys.cipher() + "\nENCRYPTION_MODE " + mode + "\n"
                    + hmac.map(type -> "HMAC_KEY_BASE64 " + keys.hmac() + "\nHMAC_DIGEST_TYPE " + type + "\n")
                            .orElse("");
        }

        Values values(String server) {
            Values values = new Values();
            values.set(Variable.SPA_SERVER, server);
            values.set(Variable.ENCRYPTION_MODE, mode);
            values.set(Variable.DIGEST_TYPE, digest);
            hmac.ifPresent(type -> values.set(Variable.HMAC_DIGEST_TYPE, type));
            values.set(Variable.ACCESS, "tcp/" + port);
            switch (kind) {
                case 0 -> {}
                case 1 -> values.set(Variable.FW_TIMEOUT, "200");
                case 2 -> {
                    values.set(Variable.NAT_LOCAL, "Y");
                    values.set(Variable.NAT_PORT, "8080");
                }
                default -> {
                    values.set(Variable.NAT_ACCESS, "10.9.9.9:" + port);
                    values.set(Variable.NAT_PORT, "8080");
                }
            }
            return values;
        }

        @Override
        public String toString() {
            return String.join(
                    " ",
                    mode,
                    hmac.orElse("no HMAC"),
                    digest,
                    List.of("access", "timeout", "local NAT", "NAT").get(kind));
        }
    }

    private static List<Row> rows() throws Exception {
        List<Row> rows = new ArrayList<>();
        for (EncryptionMode mode : EncryptionMode.values()) {
            List<Optional<String>> hmacs = new ArrayList<>(List.of(Optional.empty()));
            for (DigestType type : DigestType.values()) {
                if (mode != EncryptionMode.LEGACY) {
                    hmacs.add(Optional.of(type.text()));
                }
            }
            for (Optional<String> hmac : hmacs) {
                int number = rows.size();
                String digest = DIGESTS.get(number % DIGESTS.size()).text();
                Keys keys = Keys.generate(mode == EncryptionMode.LEGACY ? 16 : 32, 64, RANDOM);
                rows.add(new Row(mode.text(), hmac, digest, number % 4, FIRST_PORT + number, keys));
            }
        }
        return rows;
    }

    @Test
    void everyModeAndHmac_opensTheRealFwknopd() throws Exception {
        List<Row> rows = rows();
        try (Network network = Network.create()) {
            try (Background fwknopd =
                    fwknopd(network, rows.stream().map(Row::stanza).toList())) {
                String server = network.wire().serverIpv4();
                for (Row row : rows) {
                    Secret keys = new Secret(
                            Secret.bytes("key", row.keys().cipher(), true),
                            row.hmac().isEmpty()
                                    ? Optional.empty()
                                    : Optional.of(
                                            Secret.bytes("hmac", row.keys().hmac(), true)));
                    send(network, row.values(server), keys);
                }
                for (Row row : rows) {
                    Await.until(
                            () -> row + " opens; fwknopd says:\n" + fwknopd.out() + fwknopd.err(),
                            LIMIT,
                            () -> rules(network).contains("--dport " + row.port() + " "));
                }
                rows.forEach(row -> System.out.println("opened: " + row));
                System.out.println(rows.size() + " combinations of tirl's fwknop client opened fwknopd 2.6.10");
                assertThat(rows).hasSize(41);
            }
        }
    }

    /** Keys of our --key-gen in a stanza that ours saved: the real client reads it, and so does ours what it saved. */
    @Test
    void stanzasAndKeys_goBothWays() throws Exception {
        Path rc = folder.resolve("rc");
        try (Network network = Network.create()) {
            String server = network.wire().serverIpv4();
            network.clients()
                    .run(
                            LIMIT,
                            words(
                                    TirlProcess.launcher(),
                                    "fwknop --rc-file",
                                    rc.toString(),
                                    "--key-gen --use-hmac " + "-A tcp/2201 -s -n ours --save-rc-stanza -D",
                                    server))
                    .orThrow();
            network.clients()
                    .run(words(
                            "fwknop --rc-file",
                            rc.toString(),
                            "--no-save-args --key-gen --use-hmac -A tcp/2202 -a 10.1.2.3 "
                                    + "-n theirs --save-rc-stanza -D",
                            server))
                    .orThrow();
            try (Background _ = fwknopd(network, List.of(stanza(rc, "ours"), stanza(rc, "theirs")))) {
                network.clients()
                        .run(words("fwknop --no-save-args -n ours --rc-file", rc.toString()))
                        .orThrow();
                network.clients()
                        .run(LIMIT, words(TirlProcess.launcher(), "fwknop -n theirs --rc-file", rc.toString()))
                        .orThrow();

                Await.until(
                        "both open",
                        LIMIT,
                        () -> rules(network).contains("--dport 2201 ")
                                && rules(network).contains("-s 10.1.2.3/32 -p tcp -m tcp --dport 2202 "));
            }
        }
    }

    private static String stanza(Path rc, String name) throws IOException {
        Values values = RcText.of(Files.readString(rc)).stanza(name).orElseThrow();
        return "SOURCE ANY\nKEY_BASE64 " + values.get(Variable.KEY_BASE64).orElseThrow() + "\nHMAC_KEY_BASE64 "
                + values.get(Variable.HMAC_KEY_BASE64).orElseThrow() + "\n";
    }

    private static void send(Network network, Values values, Secret keys) throws Exception {
        Plan plan = new Plan(values, RANDOM);
        Address allow = Address.parse("10.3.3.3").orElseThrow();
        Plan.Packet packet = plan.packet(allow, Optional.empty(), "alice", keys, InstantSource.system());
        var route = plan.route(Optional.empty());
        var _ = network.clients().inside(() -> {
            new Delivery((target, payload) -> {
                        throw new IOException("no ICMP here");
                    })
                    .send(route, InetAddress.ofLiteral(route.host()), packet.text());
            return true;
        });
    }

    private Background fwknopd(Network network, List<String> stanzas) throws IOException {
        Path access = folder.resolve("access.conf");
        Path conf = folder.resolve("fwknopd.conf");
        Files.writeString(access, String.join("\n", stanzas));
        Files.writeString(conf, """
            ENABLE_UDP_SERVER Y;
            ENABLE_IPT_FORWARDING Y;
            ENABLE_IPT_LOCAL_NAT Y;
            """);
        Background fwknopd = network.server()
                .start(words("fwknopd -f -v -U -c", conf.toString(), "-a", access.toString(), "-r", folder.toString()));
        Await.until(
                () -> "fwknopd listens: " + fwknopd.out() + fwknopd.err(),
                LIMIT,
                () -> network.server().ask("ss", "-lun").contains(":62201"));
        return fwknopd;
    }

    private static String rules(Network network) {
        return network.server().ask("iptables-save");
    }

    private static String[] words(String... texts) {
        return String.join(" ", texts).split(" ", -1);
    }
}
