package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client, this host as gateway, and a service on a machine behind it. */
@Tag("netns")
class ForwardTest {
    private static final int WEB = 8443;
    private static final int TALK = 443;
    private static final int DNS = 5353;
    private static final Duration BEFORE_THE_NEXT_SYN = Duration.ofMillis(900);
    private static final List<String> INTERFACES = List.of("srv0");
    private static final String TARGETS = "[\"" + Backend.IPV4 + ":443\", \"[" + Backend.IPV6 + "]:443\"]";
    private static final String WEB_SERVICE = Doors.service("web", "tcp/8443") + "forward = " + TARGETS + "\n";
    private static final String DNS_SERVICE =
            Doors.service("name", "udp/5353") + "forward = \"" + Backend.IPV4 + ":53\"\n";
    private static final String WEB_DOOR =
            Doors.door("web", "tcp/7100 tcp/8100 tcp/9100", "opens = [\"web\"]", "for = \"2s\"");

    private Network network;
    private Backend backend;
    private Talker talker;
    private EchoService dns;
    private TirlProcess tirl;

    @BeforeEach
    void start() {
        network = Network.create();
        Backend.forwarding(network.server(), true);
        backend = Backend.behind(network.server());
        talker = Talker.listen(backend.namespace(), TALK);
        dns = EchoService.listen(backend.namespace(), 53);
        tirl = TirlProcess.start(network.server(), INTERFACES, config(""));
    }

    private static String config(String more) {
        return Doors.plain() + WEB_SERVICE + more + DNS_SERVICE + WEB_DOOR;
    }

    @AfterEach
    void stop() {
        tirl.close();
        talker.close();
        dns.close();
        backend.close();
        network.close();
    }

    @ParameterizedTest
    @CsvSource({"ipv4, false", "ipv6, false", "ipv4, true", "ipv6, true"})
    void knock_reachesTheBackend_forItsSourceOnly(String family, boolean masquerade) throws IOException {
        route(masquerade, "");
        Client client = network.client();
        Client stranger = network.client();
        String server = address(family);
        assertThat(client.reach(server, WEB, Site.PROBE)).isEqualTo(Reach.SILENT);

        client.syns(server, Site.PACE, 7100, 8100, 9100);
        awaitLease();

        try (Session session = firstSession(client, server)) {
            session.assertHears();
            session.send();
            Await.until("the backend hears the client", Site.SOON, () -> talker.heard() > 0);
            assertThat(stranger.reach(server, WEB, Site.PROBE)).isEqualTo(Reach.SILENT);

            Await.until("the port shuts", Site.SOON, () -> client.reach(server, WEB, Site.PROBE) == Reach.SILENT);
            int before = talker.heard();
            session.send();
            session.assertHears();
            Await.until("the backend still hears it", Site.SOON, () -> talker.heard() > before);
        }
    }

    /** NAT is decided by the first packet that gets through, not by one that was dropped: the same port is led on later. */
    @ParameterizedTest
    @ValueSource(strings = {"ipv4", "ipv6"})
    void synFromBeforeTheLease_doesNotSpoilTheNext(String family) {
        Client client = network.client();
        CompletableFuture<Boolean> connection =
                CompletableFuture.supplyAsync(() -> client.connects(address(family), WEB, Site.SOON.multipliedBy(3)));
        Await.until(
                "the first SYN is dropped",
                Site.SOON,
                () -> network.server()
                        .ask("nft", "list", "chain", "inet", "tirl", "door")
                        .matches("(?s).*\\n\\s*counter packets [1-9].*"));

        grant(family.equals("ipv6") ? client.ipv6() : client.ipv4(), "web", "1m");

        assertThat(connection.join()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"ipv4, false", "ipv6, false", "ipv4, true", "ipv6, true"})
    void leaseWithCut_endsTheForwardedSession(String family, boolean masquerade) throws IOException {
        route(masquerade, "cut = true\n");
        Client client = network.client();
        String server = address(family);
        grant(family.equals("ipv6") ? client.ipv6() : client.ipv4(), "web", "2s");

        try (Session session = firstSession(client, server)) {
            session.assertHears();
            Await.until(
                    () -> "the cut in the log:\n" + tirl.log(),
                    Duration.ofSeconds(8),
                    () -> tirl.log().contains("cut 1 connection to tcp/8443"));

            session.assertDead();
            int heard = talker.heard();
            session.assertDead();
            assertThat(talker.heard()).isEqualTo(heard);
        }
    }

    /** As Docker does it: published under the same number, and what leaves the container is masqueraded. */
    @Test
    void publishedContainerPort_isCutToo() throws IOException {
        network.server().nft("""
                table ip docker {
                  chain pre { type nat hook prerouting priority dstnat; fib daddr type local tcp dport 443 dnat to 10.99.0.2:443; }
                  chain post { type nat hook postrouting priority srcnat; ip saddr 10.99.0.0/24 oifname != "back0" masquerade; }
                }
                """);
        reload(Doors.plain() + Doors.service("published", "tcp/443"));
        Client client = network.client();
        String server = network.wire().serverIpv4();
        assertThat(client.reach(server, TALK, Site.PROBE)).isEqualTo(Reach.SILENT);
        grant(client.ipv4(), "published", "1m");

        try (Session session = Session.open(client, server, TALK)) {
            session.assertHears();
            assertThat(tirl.control("revoke", "--json", "--cut", client.ipv4())
                            .orThrow()
                            .out())
                    .contains("\"cut\":1");
            session.assertDead();
        }
    }

    /** The machine behind may be all that can mend this one. */
    @ParameterizedTest
    @ValueSource(strings = {"ipv4", "ipv6"})
    void breakGlass_reachesTheBackendWithoutTheDaemon_andItsRulesGoWithIt(String family) throws IOException {
        reload(config("")
                + Glass.section("\"tcp/31001\", \"udp/41007\", \"tcp/22017\"").replace("\"ssh\"", "\"web\""));
        Client client = network.client();
        Client stranger = network.client();
        String server = address(family);
        tirl.signal("STOP");
        Await.until(
                "no heartbeat any more",
                Duration.ofSeconds(10),
                () -> !network.server()
                        .ask("nft", "list", "set", "inet", "tirl", "alive")
                        .contains("expires"));

        Glass.knock(client, server);

        try (Session session = firstSession(client, server)) {
            session.assertHears();
            session.send();
            Await.until("the backend hears the client", Site.SOON, () -> talker.heard() > 0);
            assertThat(stranger.reach(server, WEB, Site.PROBE)).isEqualTo(Reach.SILENT);

            tirl.signal("CONT");
            Await.until(
                    () -> "taken over:\n" + tirl.log(),
                    Site.SOON.multipliedBy(3),
                    () -> tirl.log().contains("break-glass was used"));
            reload(config(""));
            session.assertHears();
            assertThat(client.connects(server, WEB, Site.SOON)).isTrue();
            assertThat(network.server().ask("nft", "list", "table", "inet", "tirl"))
                    .doesNotContain("glass_");
        }
    }

    @Test
    void udpService_isForwarded() {
        Client client = network.client();
        String server = network.wire().serverIpv4();
        assertThat(client.answersUdp(server, DNS, Site.PROBE)).isFalse();

        grant(client.ipv4(), "name", "1m");

        assertThat(client.answersUdp(server, DNS, Site.SOON)).isTrue();
        assertThat(network.client().answersUdp(server, DNS, Site.PROBE)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipv4", "ipv6"})
    void reload_keepsLeaseAndSession_andCanTakeTheForwardAway(String family) throws IOException {
        Client client = network.client();
        String server = address(family);
        grant(family.equals("ipv6") ? client.ipv6() : client.ipv4(), "web", "1m");

        try (Session session = firstSession(client, server);
                EchoService local = EchoService.listen(network.server(), WEB)) {
            reload(config("masquerade = true\n"));
            session.assertHears();
            assertThat(client.connects(server, WEB, Site.SOON)).isTrue();

            reload(Doors.plain() + Doors.service("web", "tcp/8443") + WEB_DOOR);
            session.assertHears();
            try (Session here = Session.open(client, server, WEB)) {
                here.assertEchoes(); // a talker would not wait to be asked, and says something else
            }
            assertThat(network.server().ask("nft", "list", "table", "inet", "tirl"))
                    .doesNotContain("dnat ip");
            assertThat(tirl.log()).doesNotContain("took the table");
            assertThat(local).isNotNull();
        }
    }

    @Test
    void otherTraffic_isNotTouched() {
        Client client = network.client();
        grant(client.ipv4(), "web", "1m");
        String server = network.wire().serverIpv4();
        try (EchoService here = EchoService.listen(network.server(), 9000);
                EchoService passed = EchoService.listen(backend.namespace(), WEB)) {
            assertThat(client.connects(server, 9000, Site.SOON)).isTrue();
            // The same port number on a machine that is only routed to keeps its meaning: no talker answers there.
            network.clients().ip("route add 10.99.0.0/24 via " + server);
            assertThat(client.connects(Backend.IPV4, WEB, Site.SOON)).isTrue();
            assertThat(talker.live()).isZero();
            assertThat(List.of(here, passed)).doesNotContainNull();
        }
    }

    @Test
    void stop_takesTheForwardAway() {
        reload(config("masquerade = true\n"));
        tirl.control("stop").orThrow();
        assertThat(tirl.awaitEnd()).isZero();

        assertThat(network.server().ask("nft", "list", "ruleset")).isBlank();
        assertThat(network.client().reach(network.wire().serverIpv4(), WEB, Site.PROBE))
                .isEqualTo(Reach.REFUSED);
    }

    @Test
    void forwardingSwitchedOff_isSaidOnceWithTheRemedy_andNotChanged() {
        assertThat(tirl.log()).doesNotContain("sysctl");

        Backend.forwarding(network.server(), false);
        tirl.reload("sysctl -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");

        assertThat(tirl.log().lines().filter(line -> line.contains("sysctl"))).hasSize(1);
        assertThat(network.server().ask("cat", "/proc/sys/net/ipv4/ip_forward").strip())
                .isEqualTo("0");
    }

    /** A backend that does not answer by way of this host needs masquerading. */
    private void route(boolean masquerade, String more) {
        if (masquerade) {
            backend.forgetRoute();
        }
        reload(config(more + (masquerade ? "masquerade = true\n" : "")));
    }

    private String address(String family) {
        return family.equals("ipv6")
                ? network.wire().serverIpv6()
                : network.wire().serverIpv4();
    }

    private void awaitLease() {
        Await.until(
                () -> "a lease; the log:\n" + tirl.log(),
                Site.SOON,
                () -> !KernelLease.of(network.server()).isEmpty());
    }

    /** The first SYN is answered: TCP would send a second one after a second. */
    private Session firstSession(Client client, String server) {
        return Session.open(client, server, WEB, BEFORE_THE_NEXT_SYN)
                .orElseThrow(() -> new AssertionError("no answer to the first SYN; the log:\n" + tirl.log()
                        + network.server().ask("ip", "-s", "neigh")));
    }

    private void grant(String source, String service, String time) {
        tirl.control("grant", source, service, "--for", time).orThrow();
    }

    private void reload(String config) {
        tirl.write(INTERFACES, config);
        tirl.reload("reloaded");
    }
}
