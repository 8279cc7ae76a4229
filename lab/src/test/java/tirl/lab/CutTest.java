package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Live connections that end with their lease. The service talks all the time, which is what makes ending them hard. */
@Tag("netns")
class CutTest {
    private static final int[] BRIEF = {7100, 8100, 9100};
    private static final int TALK = 80;
    private static final int ECHO = 53;
    private static final String CONFIG = Doors.plain()
            + Doors.service("talk", "tcp/80") + "cut = true\n"
            + Doors.service("echo", "tcp/53", "udp/53") + "cut = true\n"
            + Doors.door("brief", "tcp/7100 tcp/8100 tcp/9100", "opens = [\"talk\", \"echo\"]", "for = \"2s\"");

    private Site site;
    private Talker talker;

    @BeforeEach
    void startDaemon() {
        site = Site.with(CONFIG);
        talker = Talker.listen(site.network.server(), TALK);
    }

    @AfterEach
    void stopDaemon() {
        talker.close();
        site.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipv4", "ipv6"})
    void leaseExpires_sessionIsDeadBothWays(String family) throws IOException {
        Client client = site.client();
        String server = site.address(family);
        grant(family.equals("ipv6") ? client.ipv6() : client.ipv4(), "talk", "2s");

        try (Session session = Session.open(client, server, TALK)) {
            session.assertHears();
            awaitLog("cut 1 connection to tcp/80");
            session.assertDead();
            assertServiceKnows();
            int heard = talker.heard();
            session.assertDead();
            assertThat(talker.heard()).isEqualTo(heard);
            assertThat(entries(TALK)).isEmpty();
        }
    }

    /** Nothing but the kernel is left to end it. */
    @ParameterizedTest
    @ValueSource(strings = {"ipv4", "ipv6"})
    void leaseExpires_daemonIsDead_sessionIsDeadToo(String family) throws IOException {
        Client client = site.client();
        String server = site.address(family);
        client.syns(server, Site.PACE, BRIEF);
        Await.until("port 80 opens", Site.SOON, () -> client.connects(server, TALK, Site.PROBE));

        try (Session session = Session.open(client, server, TALK)) {
            session.assertHears();
            site.tirl.end("KILL");
            Await.until("the port shuts", Site.SOON, () -> !client.connects(server, TALK, Site.PROBE));
            session.assertDead();
            assertServiceKnows();
        }
    }

    @Test
    void newLease_doesNotBringTheOldSessionBack() throws IOException {
        Client client = site.client();
        grant(client.ipv4(), "echo", "1m");

        // This service keeps silent, so its side of the connection does not know that it is over.
        try (Session session = Session.open(client, site.ipv4(), ECHO)) {
            session.assertEchoes();
            site.tirl.control("revoke", client.ipv4()).orThrow();
            grant(client.ipv4(), "echo", "1m");

            session.assertDead();
            try (Session fresh = Session.open(client, site.ipv4(), ECHO)) {
                fresh.assertEchoes();
                session.assertDead();
                fresh.assertEchoes();
            }
        }
    }

    @Test
    void revokeCut_endsTheSessionOfAServiceWithoutCut_andNoOther() throws IOException {
        Client client = site.client();
        Client other = site.client();
        grant(client.ipv4(), "ssh", "1m");
        grant(other.ipv4(), "ssh", "1m");

        try (Session session = Session.open(client, site.ipv4(), Site.SSH);
                Session others = Session.open(other, site.ipv4(), Site.SSH)) {
            session.assertEchoes();
            assertThat(site.tirl
                            .control("revoke", "--cut", "--json", client.ipv4())
                            .orThrow()
                            .out())
                    .contains("\"cut\":1");

            session.assertDead();
            others.assertEchoes();
            site.tirl.control("revoke", other.ipv4()).orThrow();
            others.assertEchoes();
        }
    }

    /** After a cut, a lease without one is again outlived by its connections. */
    @Test
    void leaseWithoutCut_afterACutOne_isOutlivedByItsSession() throws IOException {
        Client client = site.client();
        grant(client.ipv4(), "ssh", "1m");
        site.tirl.control("revoke", "--cut", client.ipv4()).orThrow();
        grant(client.ipv4(), "ssh", "1m");

        try (Session session = Session.open(client, site.ipv4(), Site.SSH)) {
            site.tirl.control("revoke", client.ipv4()).orThrow();
            session.assertEchoes();
            site.assertShut(client, site.ipv4());
        }
    }

    @Test
    void anotherLeaseOverThePort_keepsTheSession() throws IOException {
        Client client = site.client();
        grant(client.ipv4(), "talk", "1m");
        client.syns(site.ipv4(), Site.PACE, BRIEF);
        awaitLog("brief: opened");

        try (Session session = Session.open(client, site.ipv4(), TALK)) {
            awaitLog("brief: expired");
            session.assertHears();
            session.send();
            Await.until("the service hears it", Site.SOON, () -> talker.heard() > 0);
            session.assertHears();

            site.tirl.control("revoke", client.ipv4()).orThrow();
            session.assertDead();
        }
    }

    @Test
    void udp_isCutToo() {
        Client client = site.client();
        grant(client.ipv4(), "echo", "1m");
        assertThat(client.answersUdp(site.ipv4(), ECHO, Site.SOON)).isTrue();
        assertThat(entries(ECHO)).isNotEmpty();

        site.tirl.control("revoke", client.ipv4()).orThrow();

        assertThat(entries(ECHO)).isEmpty();
        assertThat(client.answersUdp(site.ipv4(), ECHO, Site.PROBE)).isFalse();
    }

    @Test
    void reload_keepsTheSession_andTheCut() throws IOException {
        Client client = site.client();
        grant(client.ipv4(), "talk", "4s");

        try (Session session = Session.open(client, site.ipv4(), TALK)) {
            site.tirl.reload("reloaded");
            session.assertHears();
            awaitLog("cut 1 connection");
            session.assertDead();
            assertServiceKnows();
        }
    }

    /** The kernel came to know this connection by a packet of the service, so the client is on its reply side. */
    @Test
    void sessionFromBeforeTheGuard_livesOn_andIsCutWithItsLease() throws IOException {
        try (Network network = Network.create();
                Talker early = Talker.listen(network.server(), TALK)) {
            Client client = network.client();
            String server = network.wire().serverIpv4();
            try (Session session = Session.open(client, server, TALK);
                    TirlProcess tirl = TirlProcess.start(network.server(), List.of("srv0"), CONFIG)) {
                session.assertHears();
                session.send();
                Await.until("the service hears it", Site.SOON, () -> early.heard() > 0);
                tirl.control("grant", client.ipv4(), "talk").orThrow();

                assertThat(tirl.control("revoke", "--json", client.ipv4())
                                .orThrow()
                                .out())
                        .contains("\"cut\":1");

                session.assertDead();
            }
        }
    }

    private void grant(String address, String service, String time) {
        site.tirl.control("grant", address, service, "--for", time).orThrow();
    }

    private void awaitLog(String text) {
        Await.until(
                () -> "\"" + text + "\" in the log:\n" + site.tirl.log(),
                Duration.ofSeconds(10),
                () -> site.tirl.log().contains(text));
    }

    /** It gets a reset for what it sends, instead of sending into the void for a quarter of an hour. */
    private void assertServiceKnows() {
        Await.until("the service's side of the connection ends", Site.SOON, () -> talker.live() == 0);
    }

    private List<String> entries(int port) {
        return site.network
                .server()
                .ask("cat", "/proc/net/nf_conntrack")
                .lines()
                .filter(line -> line.contains("dport=" + port + " "))
                .toList();
    }
}
