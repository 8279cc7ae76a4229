package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What does not open while the daemon is dead: wrong knocks, scans, floods. */
@Tag("netns")
class BreakGlassAttackTest {
    private static final int FORGED_SOURCES = 600_000;
    private static final int FORGED_PER_SECOND = 20_000;
    private static final int STEP_SET = 65_536;

    private Site site = dead(Glass.SECTION);

    @AfterEach
    void close() {
        site.close();
    }

    private static Site dead(String section) {
        Site site = Site.with(Doors.plain() + section);
        Glass.awaitDormant(site);
        site.tirl.end("KILL");
        Glass.awaitNoHeartbeat(site);
        return site;
    }

    @Test
    void wrongKnocks_openNothing_andARightOneAfterThemDoes() {
        for (String server : List.of(site.ipv4(), site.ipv6())) {
            Client client = site.client();
            assertShutAfter(client, server, "tcp/22017 udp/41007 tcp/31001");
            assertShutAfter(client, server, "tcp/31001 tcp/22017");
            assertShutAfter(client, server, "udp/41007 tcp/22017");
            assertShutAfter(client, server, "tcp/31001 tcp/41007 tcp/22017");
            assertShutAfter(client, server, "tcp/31001 udp/41007 tcp/22018 tcp/22017");
            assertShutAfter(client, server, "tcp/31001 udp/9 udp/41007 tcp/22017");
            assertShutAfter(client, server, "tcp/31001 udp/41007 tcp/31001 tcp/22017");

            // A step of another's sequence, and of one's own after a wrong one, begins anew; the last may come again.
            knock(client, server, "tcp/22017 tcp/31001 tcp/31001 udp/41007 udp/41007 tcp/22017");
            site.assertOpens(client, server);
        }
    }

    @Test
    void tooSlow_opensNothing() {
        Client client = site.client();
        knock(client, site.ipv4(), "tcp/31001 udp/41007");

        // Past the two seconds since the first knock, though less since the last.
        Await.pause(Duration.ofMillis(1_300));
        knock(client, site.ipv4(), "udp/41007");
        Await.pause(Duration.ofSeconds(1));
        assertShutAfter(client, site.ipv4(), "tcp/22017");
    }

    @Test
    void knocksOfTwoSources_openForNeither() {
        Client first = site.client();
        Client second = site.client();

        knock(first, site.ipv4(), "tcp/31001 udp/41007");
        knock(second, site.ipv4(), "tcp/22017");

        site.assertShut(first, site.ipv4());
        site.assertShut(second, site.ipv4());
    }

    @Test
    void scanInOrder_doesNotOpenAnAscendingSequence() {
        try (Site ascending = dead(Glass.section("\"tcp/31001\", \"tcp/31004\", \"tcp/31007\""))) {
            Client stranger = ascending.client();
            ScanTest.nmap(ascending, stranger, "-r", "-p", "31000-31010");
            ascending.assertShut(stranger, ascending.ipv4());

            // The same scanner on the three ports alone does open: the one above was a scan.
            ScanTest.nmap(ascending, stranger, "-r", "-p", "31001,31004,31007");
            ascending.assertOpens(stranger, ascending.ipv4());
        }
    }

    @Test
    void manyOpenings_areNotAllLogged() {
        List<Client> clients = Stream.generate(site::client).limit(15).toList();

        clients.forEach(client -> Glass.knock(client, site.ipv4()));

        clients.forEach(client -> site.assertOpens(client, site.ipv4()));
        assertThat(Glass.size(site, "glass_used4")).isEqualTo(15);
        String chain = site.network.server().ask("nft", "list", "chain", "inet", "tirl", "glass_opens4");
        Matcher logged = Pattern.compile("counter packets (\\d+) .*log prefix \"tirl break-glass: \"")
                .matcher(chain);
        assertThat(logged.find()).as(chain).isTrue();
        assertThat(Integer.parseInt(logged.group(1))).isBetween(5, 9);
    }

    @Test
    void floodOfFirstSteps_isBounded_andTheDaemonsDoorsWork() {
        // A long time for the knocks, so that nothing makes room while the flood lasts.
        try (Site flooded = dead(Glass.SECTION.replace("within = \"2s\"", "within = \"2m\""));
                Background flood = SpoofFlood.start(flooded.network, FORGED_SOURCES, FORGED_PER_SECOND, 31001)) {
            Await.until(
                    "a full set",
                    Duration.ofSeconds(30),
                    () -> !flood.alive() || Glass.size(flooded, "glass_step1_4") >= STEP_SET);
            assertThat(Glass.size(flooded, "glass_step1_4")).isEqualTo(STEP_SET);
            assertThat(Glass.size(flooded, "glass_step2_4")).isZero();

            flooded.tirl.restart();
            flooded.knockPlain(flooded.client());
            Glass.awaitDormant(flooded);
            int left = Glass.size(flooded, "glass_step1_4");
            assertThat(flood.alive()).as("the flood lasts").isTrue();
            flooded.knockPlain(flooded.client());
            assertThat(Glass.size(flooded, "glass_step1_4")).isLessThanOrEqualTo(left);
            assertThat(Glass.size(flooded, "glass_open4")).isZero();
        }
    }

    private void assertShutAfter(Client client, String server, String knocks) {
        knock(client, server, knocks);
        site.assertShut(client, server);
    }

    private static void knock(Client client, String server, String knocks) {
        for (String knock : knocks.split(" ", -1)) {
            int port = Integer.parseInt(knock.substring(knock.indexOf('/') + 1));
            if (knock.startsWith("udp")) {
                client.datagram(server, port);
            } else {
                client.syn(server, port);
            }
            Await.pause(Site.PACE);
        }
    }
}
