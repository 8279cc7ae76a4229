package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts whose own firewall drops by default, each set up with the real tools of Debian. */
@Tag("netns")
class JoinTest {
    private static final List<String> INTERFACES = List.of("srv0");
    private static final String JOIN = "firewall = \"join\"\n";
    private static final int OTHER = 8080;
    private static final int[] SHORT = {7100, 8100, 9100};
    private static final String DOORS = Doors.plain()
            + Doors.service("other", "tcp/4000")
            + Doors.door("short", "tcp/7100 tcp/8100 tcp/9100", "for = \"2s\"");
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @TempDir
    private Path folder = Path.of("");

    private Network network;
    private EchoService ssh;
    private EchoService other;

    @BeforeEach
    void start() {
        network = Network.create();
        ssh = EchoService.listen(network.server(), Site.SSH);
        other = EchoService.listen(network.server(), OTHER);
    }

    @AfterEach
    void stop() {
        ssh.close();
        other.close();
        network.close();
    }

    @ParameterizedTest
    @EnumSource
    void leaseOpens_thatAndNothingElse_afterReloadsToo_andUninstallLeavesNoTrace(HostFirewall kind) throws IOException {
        try (HostFirewall.Running host = HostFirewall.up(kind, network.server())) {
            Client client = network.client();
            assertThat(client.reach(ipv4(), Site.SSH, Site.PROBE)).isEqualTo(Reach.SILENT);
            String before = host.everything();
            Path file = folder.resolve("new/tirl.toml");

            String said = init(host, file);

            assertThat(said).contains("Checked: the join rule is in place");
            assertThat(Files.readString(file)).contains("firewall   = \"join\"", "interfaces = [\"srv0\"]");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            String joined = host.everything();
            assertThat(joined).isNotEqualTo(before);
            assertThat(init(host, file)).contains("Nothing to do.");
            assertThat(host.everything()).isEqualTo(joined);

            try (TirlProcess tirl = TirlProcess.start(network.server(), INTERFACES, JOIN + DOORS)) {
                assertThat(tirl.log()).doesNotContain("join rule", "guard\" is enough");
                assertShutButForTheLease(client, tirl);

                host.reload();
                Await.until(
                        () -> "the rules as before the reload, and not:\n" + host.everything() + tirl.log(),
                        PATIENCE,
                        () -> host.everything().equals(joined));
                assertShutButForTheLease(network.client(), tirl);
            }

            assertThat(host.cell.ask(TirlProcess.launcher(), "uninstall")).contains("taken away: the join rule in ");
            assertThat(host.everything()).isEqualTo(before);
        }
    }

    /** What join mode is for: our own accept does not overrule somebody else's drop. */
    @Test
    void guardMode_opensNothingThere_andJoinModeDoesFromTheNextReloadOn() {
        try (HostFirewall.Running _ = HostFirewall.up(HostFirewall.NFT, network.server());
                TirlProcess tirl = TirlProcess.start(network.server(), INTERFACES, DOORS)) {
            Client client = network.client();
            tirl.control("grant", client.ipv4(), "ssh", "--for", "1m").orThrow();
            assertThat(client.reach(ipv4(), Site.SSH, Site.PROBE)).isEqualTo(Reach.SILENT);

            tirl.write(INTERFACES, JOIN + "mark = \"0x20000000\"\n" + DOORS);
            tirl.reload("reloaded");

            Await.until(
                    () -> "the lease counts: " + tirl.log(),
                    PATIENCE,
                    () -> client.connects(ipv4(), Site.SSH, Site.PROBE));
            assertThat(network.server().ask("nft", "list", "chain", "inet", "host", "input"))
                    .contains("meta mark & 0x20000000 == 0x20000000 accept comment \"tirl\"");
        }
    }

    @Test
    void ruleThatEndsUpBehindADrop_isMovedBeforeIt_andItIsSaidOnce() {
        try (HostFirewall.Running host = HostFirewall.up(HostFirewall.IPTABLES_NFT, network.server());
                TirlProcess tirl = TirlProcess.start(network.server(), INTERFACES, JOIN + DOORS)) {
            assertThat(tirl.log()).contains("the join rule was missing and is now in ip6tables-nft chain INPUT");

            host.cell.ask("iptables-nft", "-I", "INPUT", "1", "-p", "tcp", "-j", "DROP");

            Await.until(
                    () -> "the rule is moved: " + tirl.log(),
                    PATIENCE,
                    () -> host.cell
                            .ask("iptables-nft", "-S", "INPUT")
                            .lines()
                            .toList()
                            .get(1)
                            .contains("tirl"));
            Await.until(
                    () -> "it is said: " + tirl.log(),
                    PATIENCE,
                    () -> tirl.log().contains("it is back in"));
            Client client = network.client();
            client.syns(ipv4(), Site.PACE, Doors.PLAIN);
            awaitOpen(client, ipv4(), Site.SSH, tirl);
            assertThat(tirl.log().lines().filter(line -> line.contains("it is back in")))
                    .hasSize(1);
        }
    }

    /** Tunnels hand the mark of what carried a packet on to the packet, and others may set marks. */
    @Test
    void markFromElsewhere_opensNothing() {
        try (HostFirewall.Running host = HostFirewall.up(HostFirewall.NFT, network.server());
                TirlProcess tirl = TirlProcess.start(network.server(), INTERFACES, JOIN + DOORS)) {
            host.cell.feed("""
                    table inet others { chain early {
                        type filter hook prerouting priority raw; policy accept;
                        meta mark set 0xffffffff
                    }
                    }
                    """, "nft", "-f", "-");
            assertThat(network.client().reach(ipv4(), OTHER, Site.PROBE)).isEqualTo(Reach.SILENT);

            // Without our table it would have: the probe can tell.
            network.server().ask("nft", "flush", "chain", "inet", "tirl", "guard");
            assertThat(network.client().reach(ipv4(), OTHER, Site.SOON)).isEqualTo(Reach.OPEN);
            assertThat(tirl.alive()).isTrue();
        }
    }

    /** As firewalld from 2.1 on does with its table. */
    @Test
    void tableThatLetsNobodyElseIn_isAnErrorWithTheRemedy() {
        String owned = "add table inet firewalld { flags owner; }\\n"
                + "add chain inet firewalld filter_INPUT { type filter hook input priority 10; policy drop; }\\n";
        try (Background _ = network.server().start("sh", "-c", "(printf '" + owned + "'; sleep 600) | nft -i")) {
            Await.until(
                    "the owned table",
                    PATIENCE,
                    () -> network.server()
                            .run("nft", "list", "chain", "inet", "firewalld", "filter_INPUT")
                            .succeeded());
            Path file = folder.resolve("tirl.toml");

            Output init = network.server().run(TirlProcess.launcher(), "init", "--yes", "-c", file.toString());

            assertThat(init.succeeded()).isFalse();
            assertThat(init.err()).contains("set NftablesTableOwner=no").doesNotContain("\tat ");
            assertThat(file).doesNotExist();
            try (TirlProcess tirl = TirlProcess.start(network.server(), INTERFACES, JOIN + DOORS)) {
                assertThat(tirl.log()).contains("error: the join rule cannot be kept", "NftablesTableOwner=no");
            }
        }
    }

    @Test
    void hostThatDropsNothing_isToldThatGuardIsEnough() throws IOException {
        network.server()
                .nft("table inet calm { chain input { type filter hook input priority 0; policy accept; "
                        + "ip saddr 192.0.2.1 drop; }; }");
        String before = network.server().ask("nft", "list", "ruleset");
        Path file = folder.resolve("tirl.toml");

        assertThat(network.server().ask(TirlProcess.launcher(), "init", "--yes", "-c", file.toString()))
                .contains("tirl's own table is enough");

        assertThat(Files.readString(file)).contains("firewall   = \"guard\"");
        assertThat(network.server().ask("nft", "list", "ruleset")).isEqualTo(before);
        try (TirlProcess tirl = TirlProcess.start(network.server(), INTERFACES, JOIN + DOORS)) {
            assertThat(tirl.log()).contains("\"guard\" is enough here");
        }
    }

    /** A firewall that lets nothing pass through, not even answers: marks go both ways. */
    @ParameterizedTest
    @ValueSource(strings = {"nft", "iptables"})
    void forwardedService_passesAForwardChainThatDropsEverything(String tool) throws IOException {
        if (tool.equals("nft")) {
            network.server()
                    .nft("table inet host { chain forward { type filter hook forward priority 0; policy drop; }; }");
        } else {
            network.server().ask("iptables-nft", "-P", "FORWARD", "DROP");
            network.server().ask("ip6tables-nft", "-P", "FORWARD", "DROP");
        }
        String config = JOIN + DOORS + Doors.service("web", "tcp/8443") + "forward = [\"" + Backend.IPV4 + ":443\", \"["
                + Backend.IPV6 + "]:443\"]\n";
        Backend.forwarding(network.server(), true);
        try (Backend backend = Backend.behind(network.server());
                Talker talker = Talker.listen(backend.namespace(), 443);
                TirlProcess tirl = TirlProcess.start(network.server(), INTERFACES, config)) {
            for (String server : List.of(ipv4(), network.wire().serverIpv6())) {
                Client client = network.client();
                assertThat(client.reach(server, 8443, Site.PROBE)).isEqualTo(Reach.SILENT);
                tirl.control("grant", server.contains(":") ? client.ipv6() : client.ipv4(), "web")
                        .orThrow();
                awaitOpen(client, server, 8443, tirl);
                try (Session session = Session.open(client, server, 8443)) {
                    session.assertHears();
                }
            }
            assertThat(talker).isNotNull();
        }
    }

    /** As Docker does it: destination NAT, and a forward chain that drops what it did not publish. */
    @Test
    void publishedContainerPort_isShutWithoutALease_andReachableWithOne() throws IOException {
        Backend.forwarding(network.server(), true);
        network.server().nft("""
                table ip nat {
                  chain PREROUTING { type nat hook prerouting priority dstnat; fib daddr type local tcp dport 8443 dnat to 10.99.0.2:443; }
                }
                table ip host {
                  chain input { type filter hook input priority filter; policy drop; }
                  chain forward {
                    type filter hook forward priority filter; policy drop;
                    ct state established,related accept
                    ip daddr 10.99.0.2 tcp dport 443 accept
                  }
                }
                """);
        String config = JOIN + DOORS + Doors.service("published", "tcp/8443");
        try (Backend backend = Backend.behind(network.server());
                Talker talker = Talker.listen(backend.namespace(), 443)) {
            assertThat(network.client().reach(ipv4(), 8443, Site.SOON)).isEqualTo(Reach.OPEN);
            try (TirlProcess tirl = TirlProcess.start(network.server(), INTERFACES, config)) {
                Client client = network.client();
                assertThat(client.reach(ipv4(), 8443, Site.PROBE)).isEqualTo(Reach.SILENT);
                tirl.control("grant", client.ipv4(), "published").orThrow();
                awaitOpen(client, ipv4(), 8443, tirl);
                assertThat(network.client().reach(ipv4(), 8443, Site.PROBE)).isEqualTo(Reach.SILENT);
                assertThat(talker).isNotNull();
            }
        }
    }

    private String init(HostFirewall.Running host, Path file) {
        return host.cell.ask(TirlProcess.launcher(), "init", "--yes", "-c", file.toString());
    }

    /** Both families, one beside the other. */
    private void assertShutButForTheLease(Client client, TirlProcess tirl) {
        List<String> servers = List.of(ipv4(), network.wire().serverIpv6());
        for (String server : servers) {
            assertThat(client.reach(server, Site.SSH, Site.PROBE)).isEqualTo(Reach.SILENT);
            client.syns(server, Site.PACE, SHORT);
            awaitOpen(client, server, Site.SSH, tirl);
        }
        for (String server : servers) {
            assertThat(client.reach(server, OTHER, Site.PROBE)).isEqualTo(Reach.SILENT);
            assertThat(network.client().reach(server, Site.SSH, Site.PROBE)).isEqualTo(Reach.SILENT);
        }
        for (String server : servers) {
            Await.until("the port shuts", PATIENCE, () -> client.reach(server, Site.SSH, Site.PROBE) == Reach.SILENT);
        }
    }

    private static void awaitOpen(Client client, String server, int port, TirlProcess tirl) {
        Await.until(
                () -> "port " + port + " opens; " + tirl.log(),
                PATIENCE,
                () -> client.connects(server, port, Site.PROBE));
    }

    private String ipv4() {
        return network.wire().serverIpv4();
    }
}
