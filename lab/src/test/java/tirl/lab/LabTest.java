package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The laboratory itself, without the program: can it see what it claims to see, and does it leave nothing behind? */
@Tag("netns")
class LabTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void threePorts_looksOpenRefusedAndSilent() {
        try (Network network = Network.create();
                EchoService _ = EchoService.listen(network.server(), 22)) {
            Client client = network.client();
            Wire wire = network.wire();
            network.server().nft("table inet t { chain c { type filter hook input priority 0; tcp dport 24 drop; }; }");

            for (String server : new String[] {wire.serverIpv4(), wire.serverIpv6()}) {
                assertThat(client.reach(server, 22, SHORT)).isEqualTo(Reach.OPEN);
                assertThat(client.reach(server, 23, SHORT)).isEqualTo(Reach.REFUSED);
                assertThat(client.reach(server, 24, SHORT)).isEqualTo(Reach.SILENT);
                assertThat(client.answersUdp(server, 22, SHORT)).isTrue();
                assertThat(client.answersUdp(server, 23, SHORT)).isFalse();
            }
        }
    }

    @Test
    void clients_speakFromTheirOwnAddress() {
        try (Network network = Network.create()) {
            Client first = network.client();
            Client second = network.client();
            String server = network.wire().serverIpv4();
            network.server()
                    .nft("table inet t { chain c { type filter hook input priority 0; ip saddr "
                            + first.ipv4() + " tcp dport { 7000, 7001 } counter; ip saddr " + second.ipv4()
                            + " tcp dport { 7000, 7001 } counter; }; }");

            first.syn(server, 7000);
            assertThat(second.run("knock", server, "7000", "7001").succeeded()).isTrue();

            assertThat(network.server().ask("nft", "list", "table", "inet", "t"))
                    .contains("packets 1 ")
                    .contains("packets 2 ");
        }
    }

    @Test
    void prober_seesAMomentOfOpenness() {
        try (Network network = Network.create();
                EchoService _ = EchoService.listen(network.server(), 22);
                Prober prober = Prober.start(network.client(), network.wire().serverIpv4(), 22)) {
            Namespace server = network.server();
            Await.until("a success without a rule", SHORT, () -> prober.successes() > 0);
            server.nft("table inet t { chain c { type filter hook input priority 0; tcp dport 22 drop; }; }");
            Await.pause(Duration.ofMillis(50)); // what was under way has ended
            int before = prober.successes();

            server.nft("flush chain inet t c");
            Await.pause(Duration.ofMillis(20)); // one attempt at least begins in the gap, also on a busy machine
            server.nft("add rule inet t c tcp dport 22 drop");

            Await.pause(Duration.ofMillis(50));
            assertThat(prober.successes()).isGreaterThan(before);
            int after = prober.successes();
            int attempts = prober.attempts();
            Await.until("ten attempts more", Duration.ofSeconds(5), () -> prober.attempts() > attempts + 10);
            assertThat(prober.successes()).isEqualTo(after);
        }
    }

    @Test
    void flood_keepsItsRateAndItsCount() {
        try (Network network = Network.create();
                Background flood = SpoofFlood.start(network, 30_000, 15_000, 7000)) {
            network.server().nft("""
                    table inet t {
                      set seen { type ipv4_addr; flags dynamic; size 200000; }
                      chain c { type filter hook prerouting priority -300; tcp dport 7000 add @seen { ip saddr } counter; }
                    }
                    """);

            assertThat(flood.exit(Duration.ofSeconds(20))).as(flood.err()).isZero();

            Matcher sent = Pattern.compile("sent (\\d+) in .*, (\\d+)/s").matcher(flood.out());
            assertThat(sent.find()).as(flood.out()).isTrue();
            assertThat(sent.group(1)).isEqualTo("30000");
            assertThat(Integer.parseInt(sent.group(2))).isBetween(13_500, 16_500);
            assertThat(network.server().ask("nft", "list", "chain", "inet", "t", "c"))
                    .containsPattern("packets [12]\\d\\d\\d\\d|packets 30000");
        }
    }

    @Test
    void secondWire_reachesTheServer() {
        try (Network network = Network.create();
                EchoService _ = EchoService.listen(network.server(), 22)) {
            Wire second = network.addWire();

            assertThat(second.client().connects(second.serverIpv4(), 22, SHORT)).isTrue();
            assertThat(second.client().connects(second.serverIpv6(), 22, SHORT)).isTrue();
        }
    }

    @Test
    void taggedSyn_isATaggedFrame() {
        try (Network network = Network.create()) {
            Client client = network.client();
            network.server().nft("""
                    table netdev t { chain c { type filter hook ingress device srv0 priority 0;
                      vlan id 40 ip saddr %s tcp dport 7000 tcp flags syn counter; }; }
                    """.formatted(client.ipv4()));

            client.taggedSyn(40, 7000);

            assertThat(network.server().ask("nft", "list", "table", "netdev", "t"))
                    .contains("packets 1 ");
        }
    }

    @Test
    void closing_leavesNoNamespaceAndNoProcess() {
        Network network = Network.create();
        Background sleeper = network.server().start("sleep", "60");
        String name = network.server().name();

        sleeper.close();
        network.close();

        assertThat(sleeper.alive()).isFalse();
        assertThat(Command.run(Namespace.SOON, List.of("ip", "netns", "list")).out())
                .doesNotContain(name);
    }

    @Test
    void missingTool_isNamed() {
        assertThatThrownBy(() -> Command.run(Namespace.SOON, List.of("no-such-tool")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("no-such-tool");
    }
}
