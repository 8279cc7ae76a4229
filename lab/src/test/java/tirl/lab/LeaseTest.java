package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** For whom, to what and for how long a door is open. */
@Tag("netns")
class LeaseTest {
    private static final int[] BRIEF = {7100, 8100, 9100};
    private static final Duration BRIEF_LEASE = Duration.ofSeconds(2);

    private static Site site;

    @BeforeAll
    static void startDaemon() {
        site = Site.with(Doors.plain()
                + Doors.service("dns", "tcp/53", "udp/53")
                + Doors.door("brief", "tcp/7100 tcp/8100 tcp/9100", "for = \"2s\"")
                + Doors.door("both", "tcp/7200 udp/8200 tcp/9200", "opens = [\"ssh\", \"dns\"]"));
    }

    @AfterAll
    static void stopDaemon() {
        site.close();
    }

    @Test
    void interleavedClients_openEachForItself() {
        Client first = site.client();
        Client second = site.client();
        Client stranger = site.client();

        for (int port : Doors.PLAIN) {
            first.syn(site.ipv4(), port);
            second.syn(site.ipv4(), port);
            Await.pause(Site.PACE);
        }

        site.assertOpens(first, site.ipv4());
        site.assertOpens(second, site.ipv4());
        site.assertShut(stranger, site.ipv4());
    }

    @Test
    void oneOfTwoClients_opensOnlyForItself() {
        Client knocker = site.client();
        Client other = site.client();

        site.knockPlain(knocker);

        site.assertShut(other, site.ipv4());
        site.assertShut(knocker, site.ipv6());
    }

    @Test
    void knocksSpreadOverTwoClients_openForNeither() {
        Client first = site.client();
        Client second = site.client();

        first.syns(site.ipv4(), Site.PACE, 7000, 8000);
        second.syn(site.ipv4(), 9000);

        site.assertStaysShut(second, site.ipv4());
        site.assertShut(first, site.ipv4());
    }

    @Test
    void fiftyClientsInLockstep_openAll() {
        List<Client> clients = Stream.generate(site::client).limit(50).toList();

        for (int port : Doors.PLAIN) {
            clients.forEach(client -> client.syn(site.ipv4(), port));
            Await.pause(Site.PACE);
        }

        clients.forEach(client -> site.assertOpens(client, site.ipv4()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipv4", "ipv6"})
    void doorToTwoServices_opensAllTheirPorts(String family) {
        Client client = site.client();
        String server = site.address(family);
        assertThat(client.answersUdp(server, Site.DNS, Site.PROBE)).isFalse();

        client.syn(server, 7200);
        client.datagram(server, 8200);
        client.syn(server, 9200);

        site.assertOpens(client, server);
        assertThat(client.connects(server, Site.DNS, Site.PROBE)).isTrue();
        assertThat(client.answersUdp(server, Site.DNS, Site.PROBE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipv4", "ipv6"})
    void leaseOver_portIsShutAgain(String family) {
        Client client = site.client();
        String server = site.address(family);
        long knocked = System.nanoTime();

        client.syns(server, Site.PACE, BRIEF);
        site.assertOpens(client, server);
        site.awaitShut(client, server, Duration.ofSeconds(5));

        assertThat(Duration.ofNanos(System.nanoTime() - knocked)).isBetween(BRIEF_LEASE, BRIEF_LEASE.plusMillis(1_500));
    }

    @Test
    void knockingAgain_extendsTheLease() {
        Client client = site.client();
        client.syns(site.ipv4(), Site.PACE, BRIEF);
        site.assertOpens(client, site.ipv4());

        // Three knocks, each before the lease of the last one is over: still open when the first is long gone.
        IntStream.range(0, 3).forEach(_ -> {
            Await.pause(Duration.ofMillis(1_200));
            client.syns(site.ipv4(), Site.PACE, BRIEF);
            assertThat(client.connects(site.ipv4(), Site.SSH, Site.PROBE)).isTrue();
        });
        site.awaitShut(client, site.ipv4(), Duration.ofSeconds(4));
    }

    @Test
    void establishedConnection_survivesTheEndOfTheLease() throws IOException {
        Client client = site.client();
        client.syns(site.ipv4(), Site.PACE, BRIEF);
        site.assertOpens(client, site.ipv4());

        try (Socket connection = client.connect(site.ipv4(), Site.SSH, Site.SOON)) {
            site.awaitShut(client, site.ipv4(), Duration.ofSeconds(5));

            connection.getOutputStream().write('x');
            assertThat(connection.getInputStream().read()).isEqualTo('x');
        }
    }
}
