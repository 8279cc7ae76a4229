package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's fwknop asks for NAT: a client, this host, and a machine behind it. */
@Tag("netns")
class FwknopNatTest {
    private static final List<String> INTERFACES = List.of("srv0");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String NOBODY = "nobody";
    private static final String INSIDE = Backend.IPV4 + ":80";
    private static final String SNAT = "10.99.0.77";
    private static final String NAT_ON = "ENABLE_IPT_FORWARDING Y\nENABLE_IPT_LOCAL_NAT Y\n";

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private Network network;
    private Backend backend;
    private TirlProcess tirl;
    private final List<AutoCloseable> services = new ArrayList<>();

    /** Each stanza has keys of its own, so a packet is for one of them. */
    private enum Stanza {
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

        private String key(String kind) {
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

    private String config(String head) {
        return head + "[fwknop]\ndirectory = \"" + folder + "\"\n";
    }

    private void fwknopFiles(String conf, List<Stanza> stanzas) throws IOException {
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

    @Test
    void machineBehind_isReachedByItsClientOnly_untilTheLeaseEnds() {
        Client client = network.client();
        assertThat(ask(client, 8080)).isEqualTo(NOBODY);

        knock(client, Stanza.ANY_TARGET, "-A", "tcp/8080", "-N", INSIDE, "-f", "5");

        awaitAnswer(client, 8080, "machine " + client.ipv4());
        assertThat(ask(network.client(), 8080)).isEqualTo(NOBODY);
        assertThat(ask(client, 80)).isEqualTo(NOBODY);
        awaitAnswer(client, 8080, NOBODY);
        Await.until(
                () -> "the end of it:\n" + table(), PATIENCE, () -> !elements().contains(client.ipv4()));
        assertThat(tirl.log()).contains("expired tcp/8080", "fwknop:access.conf:1/tcp/8080>" + INSIDE + ": opened");
    }

    @Test
    void udp_isLedThereToo() {
        Client client = network.client();
        services.add(EchoService.listen(backend.namespace(), 53));
        knock(client, Stanza.ANY_TARGET, "-A", "udp/5353", "-N", Backend.IPV4 + ":53");
        Await.until(() -> "an answer:\n" + tirl.log(), PATIENCE, () -> client.answersUdp(server(), 5353, Site.PROBE));
        assertThat(network.client().answersUdp(server(), 5353, Site.PROBE)).isFalse();
    }

    /** fwknop knows IPv4 only; tirl's own client of it does not mind. */
    @Test
    void ipv6_isLedToo() {
        Client client = network.client();
        String server = network.wire().serverIpv6();
        backend.forgetRoute();
        client.run(
                        TirlProcess.launcher(),
                        "fwknop",
                        "--no-rc-file",
                        "--use-hmac",
                        "--key-base64-rijndael",
                        Stanza.IPV6.key("cipher"),
                        "--key-base64-hmac",
                        Stanza.IPV6.key("hmac"),
                        "-a",
                        client.ipv6(),
                        "-D",
                        server,
                        "-A",
                        "tcp/8088")
                .orThrow();
        Await.until(
                () -> "the machine answers:\n" + tirl.log(),
                PATIENCE,
                () -> ask(client, server, 8088).startsWith("machine fd99:"));
        assertThat(ask(network.client(), server, 8088)).isEqualTo(NOBODY);
    }

    @Test
    void localNat_reachesTheShutPortByThatWayAlone_untilItIsRevoked() {
        Client client = network.client();

        knock(client, Stanza.ANY_TARGET, "-A", "tcp/22", "--nat-local", "--nat-port", "8080");

        awaitAnswer(client, 8080, "ssh " + client.ipv4());
        assertThat(ask(client, 22)).isEqualTo(NOBODY);
        assertThat(ask(network.client(), 8080)).isEqualTo(NOBODY);
        assertThat(tirl.control("leases", "--json").orThrow().out()).contains("\"to\":\":22\"");

        tirl.control("revoke", client.ipv4()).orThrow();
        assertThat(ask(client, 8080)).isEqualTo(NOBODY);
        assertThat(elements()).doesNotContain(client.ipv4());
    }

    @Test
    void forcedNat_leadsWhereTheStanzaSays_andMachinesSeeWhomItSays() {
        Client client = network.client();
        backend.forgetRoute(); // it answers to its neighbours only
        knock(client, Stanza.SNATTED, "-A", "tcp/8082");
        awaitAnswer(client, 8082, "machine " + SNAT);
        knock(client, Stanza.MASQUERADED, "-A", "tcp/8083");
        awaitAnswer(client, 8083, "machine 10.99.0.1");

        backend.namespace().ip("route add default via 10.99.0.1");
        knock(client, Stanza.FORCED, "-A", "tcp/8081");
        awaitAnswer(client, 8081, "machine " + client.ipv4());
        assertThat(ask(network.client(), 8081)).isEqualTo(NOBODY);
        // Several leases of one client, each with its own way.
        assertThat(ask(client, 8082)).isEqualTo("machine " + SNAT);
    }

    @Test
    void targetsThatTheStanzaDoesNotAllow_openNothing() throws IOException {
        Client client = network.client();
        refuse(client, "port is not allowed", Stanza.RESTRICTED, "-A", "tcp/22", "--nat-local", "--nat-port", "8084");
        refuse(client, "port is not allowed", Stanza.NARROW, "-A", "tcp/8085", "-N", INSIDE);
        refuse(client, "FORWARD_ALL", Stanza.GATEWAY, "-A", "tcp/8086");
        // Where the port inside is none of the restricted ones it is led there, past a port that nothing guards.
        knock(client, Stanza.RESTRICTED, "-A", "tcp/8084", "-N", INSIDE);
        awaitAnswer(client, 8084, "machine " + client.ipv4());

        fwknopFiles("", List.of(Stanza.ANY_TARGET));
        tirl.reload("reloaded");
        refuse(client, "ENABLE_IPT_FORWARDING is not Y", Stanza.ANY_TARGET, "-A", "tcp/8080", "-N", INSIDE);
        assertThat(LeaseRow.of(tirl)).hasSize(1);
    }

    @Test
    void newTarget_takesThePlaceOfTheOldOne() {
        Client client = network.client();
        services.add(Names.answer(backend.namespace(), 22, "second"));
        knock(client, Stanza.ANY_TARGET, "-A", "tcp/8080", "-N", INSIDE);
        awaitAnswer(client, 8080, "machine " + client.ipv4());
        assertThat(tirl.control("leases").orThrow().out()).contains("tcp/8080 to " + INSIDE);

        knock(client, Stanza.ANY_TARGET, "-A", "tcp/8080", "-N", Backend.IPV4 + ":22");
        awaitAnswer(client, 8080, "second " + client.ipv4());
        knock(client, Stanza.ANY_TARGET, "-A", "tcp/8080");
        awaitAnswer(client, 8080, "here " + client.ipv4());

        assertThat(LeaseRow.of(tirl)).hasSize(1);
        refuse(client, "tcp/8080 leads to this host until", Stanza.RESTRICTED, "-A", "tcp/8080", "-N", INSIDE);
    }

    /** With the daemon dead, after its return, and when somebody took the rules away, before or after. */
    @Test
    void lease_leadsOnWithoutTheDaemon_andIsTakenOver_andPutBack() {
        Client client = network.client();
        knock(client, Stanza.FORCED, "-A", "tcp/8081");
        knock(client, Stanza.ANY_TARGET, "-A", "tcp/22", "--nat-local", "--nat-port", "8080");
        awaitAnswer(client, 8080, "ssh " + client.ipv4());
        List<Map<String, Object>> before = leases();
        assertThat(before).extracting(row -> row.get("to")).containsExactlyInAnyOrder(INSIDE, ":22");

        assertThat(tirl.end("KILL")).isNotZero();
        assertThat(ask(client, 8081)).isEqualTo("machine " + client.ipv4());
        tirl.restart();
        assertThat(leases()).usingRecursiveComparison().ignoringFields("left").isEqualTo(before);
        assertLedThere(client);

        assertThat(tirl.end("KILL")).isNotZero();
        network.server().ask("nft", "delete", "table", "inet", "tirl");
        tirl.restart();
        assertThat(leases()).usingRecursiveComparison().ignoringFields("left").isEqualTo(before);
        assertLedThere(client);

        network.server().ask("nft", "flush", "ruleset");
        Await.until(
                () -> "it is put back:\n" + tirl.log(),
                PATIENCE,
                () -> tirl.log().contains("took the table") && table().contains(client.ipv4()));
        assertLedThere(client);
        tirl.control("revoke", client.ipv4()).orThrow();
        assertThat(ask(client, 8081)).isEqualTo(NOBODY);
    }

    @Test
    void deadDaemon_endsNoLeaseLate() {
        Client client = network.client();
        knock(client, Stanza.FORCED, "-A", "tcp/8081", "-f", "5");
        awaitAnswer(client, 8081, "machine " + client.ipv4());
        assertThat(tirl.end("KILL")).isNotZero();
        awaitAnswer(client, 8081, NOBODY);
        tirl.restart();
        assertThat(LeaseRow.of(tirl)).isEmpty();
        assertThat(ask(client, 8081)).isEqualTo(NOBODY);
    }

    /** The rules come with a configuration that wants them, and its leases outlive it. */
    @Test
    void reload_bringsTheRules_andTakesNoLeaseAway() throws IOException {
        tirl.write(INTERFACES, Doors.plain());
        tirl.reload("reloaded");
        assertThat(tirl.end("TERM")).isZero();
        network.server().ask("nft", "delete", "table", "inet", "tirl");
        tirl.restart();
        assertThat(table()).doesNotContain("nat_");
        Client client = network.client();
        client.syns(server(), Site.PACE, Doors.PLAIN);
        awaitAnswer(client, 22, "ssh " + client.ipv4());

        tirl.write(INTERFACES, config("") + Doors.plain());
        tirl.reload("reloaded");
        knock(client, Stanza.FORCED, "-A", "tcp/8081");
        awaitAnswer(client, 8081, "machine " + client.ipv4());
        assertThat(ask(client, 22)).isEqualTo("ssh " + client.ipv4());

        tirl.write(INTERFACES, Doors.plain() + Doors.service("still", "tcp/8081"));
        tirl.reload("reloaded");
        assertThat(ask(client, 8081)).isEqualTo("machine " + client.ipv4());
        assertThat(ask(network.client(), 8081)).isEqualTo(NOBODY);
        network.server().ask("nft", "delete", "table", "inet", "tirl");
        awaitAnswer(client, 8081, "machine " + client.ipv4());
        assertThat(ask(network.client(), 8081)).isEqualTo(NOBODY);
    }

    /** A trial without NAT takes no lease away, and one with it is confirmed by whom it lets in. */
    @Test
    void trial_keepsWhatIsLed_alsoAfterAFlush() {
        tirl.write(INTERFACES, Doors.plain() + config(""));
        tirl.reload("reloaded");
        Client client = network.client();
        knock(client, Stanza.FORCED, "-A", "tcp/8081");
        awaitAnswer(client, 8081, "machine " + client.ipv4());

        Trying.begin(tirl, Doors.plain(), "5m");
        assertThat(ask(client, 8081)).isEqualTo("machine " + client.ipv4());
        network.server().ask("nft", "delete", "table", "inet", "tirl");
        awaitAnswer(client, 8081, "machine " + client.ipv4());
        tirl.control("rollback").orThrow();
        Trying.awaitBack(tirl);
        assertThat(ask(client, 8081)).isEqualTo("machine " + client.ipv4());
        assertThat(ask(network.client(), 8081)).isEqualTo(NOBODY);

        tirl.write(INTERFACES, Doors.plain());
        tirl.reload("reloaded");
        Trying.begin(tirl, Doors.plain() + config(""), "5m");
        knock(client, Stanza.MASQUERADED, "-A", "tcp/8083");
        awaitAnswer(client, 8083, "machine 10.99.0.1");
        Await.until(
                () -> "confirmed:\n" + tirl.log(), PATIENCE, () -> tirl.log().contains("a knock of " + client.ipv4()));
    }

    /** The rules of another one drop all that is new, on the way here and on the way to others. */
    @Test
    void joinMode_letsThroughWhatIsLed_alsoPastPortsThatNothingGuards() {
        network.server().nft("""
                table inet host {
                  chain input { type filter hook input priority 0; policy drop; ct state established accept; udp dport 62201 accept; }
                  chain forward { type filter hook forward priority 0; policy drop; }
                }
                """);
        tirl.write(INTERFACES, "firewall = \"join\"\n" + config(""));
        tirl.reload("reloaded");
        Client client = network.client();
        Await.until(
                () -> "both chains accept the mark:\n" + tirl.log(),
                PATIENCE,
                () -> network.server()
                                .ask("nft", "list", "table", "inet", "host")
                                .split("comment \"tirl\"", -1)
                                .length
                        == 3);

        knock(client, Stanza.FORCED, "-A", "tcp/8081");
        awaitAnswer(client, 8081, "machine " + client.ipv4());
        knock(client, Stanza.RESTRICTED, "-A", "tcp/8084", "-N", INSIDE);
        awaitAnswer(client, 8084, "machine " + client.ipv4());
        knock(client, Stanza.ANY_TARGET, "-A", "tcp/22", "--nat-local", "--nat-port", "8080");
        awaitAnswer(client, 8080, "ssh " + client.ipv4());
        for (int port : List.of(22, 8080, 8081, 8084)) {
            assertThat(ask(network.client(), port)).isEqualTo(NOBODY);
        }
    }

    /** A service of the configuration has the port: its connections end with their lease. */
    @Test
    void cut_endsWhatIsLedElsewhere() throws IOException {
        try (Talker talker = Talker.listen(backend.namespace(), 443)) {
            tirl.write(INTERFACES, config("") + Doors.service("led", "tcp/443", "tcp/8080") + "cut = true\n");
            tirl.reload("reloaded");
            Client client = network.client();
            knock(client, Stanza.RESTRICTED, "-A", "tcp/8080", "-N", Backend.IPV4 + ":443", "-f", "5");
            Await.until(() -> "a talker:\n" + tirl.log(), PATIENCE, () -> client.connects(server(), 8080, Site.PROBE));
            try (Session session = Session.open(client, server(), 8080)) {
                session.assertHears();
                Await.until(
                        () -> "the cut:\n" + tirl.log(),
                        PATIENCE,
                        () -> Pattern.compile(": cut \\d+ connections? to tcp/8080 ")
                                .matcher(tirl.log())
                                .find());
                session.assertDead();
                int heard = talker.heard();
                session.assertDead();
                assertThat(talker.heard()).isEqualTo(heard);
            }
        }
    }

    /** The program behind goes on sending; conntrack must not take that for a connection of its own. */
    @Test
    void cut_endsWhatIsLedToAShutPortOfThisHost() throws IOException {
        try (Talker talker = Talker.listen(network.server(), 443)) {
            tirl.write(INTERFACES, config("") + Doors.service("inside", "tcp/443"));
            tirl.reload("reloaded");
            Client client = network.client();
            knock(client, Stanza.RESTRICTED, "-A", "tcp/443", "--nat-local", "--nat-port", "8080");
            Await.until(() -> "a talker:\n" + tirl.log(), PATIENCE, () -> client.connects(server(), 8080, Site.PROBE));
            try (Session session = Session.open(client, server(), 8080)) {
                session.assertHears();
                // What the client's own kernel would answer to packets from nowhere would end it too.
                network.clients()
                        .nft("table inet mute { chain out { type filter hook output priority 0; "
                                + "tcp flags rst drop; }; }");
                tirl.control("revoke", "--cut", client.ipv4()).orThrow();
                Await.until(() -> "the program is told:\n" + table(), PATIENCE, () -> talker.live() == 0);
                session.assertDead();
            }
            assertThat(client.reach(server(), 443, Site.PROBE)).isEqualTo(Reach.SILENT);
        }
    }

    private void assertLedThere(Client client) {
        assertThat(ask(client, 8081)).isEqualTo("machine " + client.ipv4());
        assertThat(ask(client, 8080)).isEqualTo("ssh " + client.ipv4());
        assertThat(ask(network.client(), 8081)).isEqualTo(NOBODY);
    }

    private List<Map<String, Object>> leases() {
        return Json.array(tirl.control("leases", "--json").orThrow().out());
    }

    private String server() {
        return network.wire().serverIpv4();
    }

    private String table() {
        return network.server().ask("nft", "list", "table", "inet", "tirl");
    }

    /** What the kernel has for live leases. */
    private String elements() {
        StringBuilder all = new StringBuilder();
        for (String name : List.of("set open4", "map nat_to4", "map nat_here4", "map nat_as4", "set nat_masq4")) {
            String[] words = name.split(" ", 2);
            all.append(network.server().ask("nft", "list", words[0], "inet", "tirl", words[1]));
        }
        return all.toString();
    }

    private void knock(Client client, Stanza stanza, String... words) {
        List<String> all = new ArrayList<>(List.of("fwknop", "--no-rc-file", "--no-save-args", "--use-hmac"));
        all.addAll(List.of("--key-base64-rijndael", stanza.key("cipher"), "--key-base64-hmac", stanza.key("hmac")));
        all.addAll(List.of("-a", client.ipv4(), "-D", server()));
        all.addAll(List.of(words));
        client.run(all.toArray(String[]::new)).orThrow();
    }

    private void refuse(Client client, String why, Stanza stanza, String... words) {
        long before = denials(why);
        knock(client, stanza, words);
        Await.until(() -> "\"" + why + "\" in the log:\n" + tirl.log(), PATIENCE, () -> denials(why) > before);
    }

    private long denials(String why) {
        return tirl.log()
                .lines()
                .filter(line -> line.contains("denied") && line.contains(why))
                .count();
    }

    private void awaitAnswer(Client client, int port, String wanted) {
        Await.until(
                () -> "\"" + wanted + "\" at port " + port + ", not \"" + ask(client, port) + "\"; the log:\n"
                        + tirl.log() + table(),
                PATIENCE,
                () -> ask(client, port).equals(wanted));
    }

    /** Who answers there, and whom he takes the client for. */
    private String ask(Client client, int port) {
        return ask(client, server(), port);
    }

    private static String ask(Client client, String server, int port) {
        try (Socket socket = client.connect(server, port, Site.PROBE)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (LabException | IOException silence) {
            return NOBODY;
        }
    }
}
