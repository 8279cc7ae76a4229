package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When break-glass works and when it does not, what it leaves to the daemon, and what a reload makes of it. */
@Tag("netns")
class BreakGlassTest {
    private static final List<String> INTERFACES = List.of("srv0");
    private static final String CONFIG = Doors.plain() + Glass.SECTION;

    private Site site;

    @BeforeEach
    void startDaemon() {
        site = Site.with(CONFIG);
        Glass.awaitDormant(site);
    }

    @AfterEach
    void stopDaemon() {
        site.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipv4", "ipv6"})
    void livingDaemon_rightSequenceOpensNothing(String family) {
        Client client = site.client();

        Glass.knock(client, site.address(family));

        site.assertStaysShut(client, site.address(family));
        assertThat(Glass.size(site, "glass_step1_4") + Glass.size(site, "glass_step1_6"))
                .isZero();
    }

    /** An idle loop has to wake up for its heartbeat: longer than the kernel waits, and nothing happens but time. */
    @Test
    void idleDaemon_staysAlive() {
        Await.pause(Duration.ofSeconds(5));

        Client client = site.client();
        Glass.knock(client, site.ipv4());
        site.assertShut(client, site.ipv4());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipv4", "ipv6"})
    void killedDaemon_opensForTheKnockerOnly_andRestartedTakesOver(String family) {
        String server = site.address(family);
        Client client = site.client();
        Client stranger = site.client();
        site.tirl.end("KILL");
        Glass.awaitNoHeartbeat(site);
        site.assertShut(client, server);

        Glass.knock(client, server);

        site.assertOpens(client, server);
        site.assertShut(stranger, server);
        assertThat(client.connects(server, Site.DNS, Site.PROBE)).isTrue();

        try (Prober prober = Prober.start(stranger, site.ipv4(), Site.SSH)) {
            site.tirl.restart();
            Glass.awaitDormant(site);
            assertTakenOver(client, family);
            assertThat(prober.successes()).isZero();
        }
        assertThat(client.connects(server, Site.SSH, Site.PROBE)).isTrue();
        Client late = site.client();
        Glass.knock(late, server);
        site.assertStaysShut(late, server);
        site.tirl
                .control("revoke", family.equals("ipv6") ? client.ipv6() : client.ipv4())
                .orThrow();
        site.assertShut(client, server);
    }

    /** A process that hangs is worse than one that died: nothing starts it again. */
    @Test
    void stoppedDaemon_opens_andContinuedTakesOver() {
        Client client = site.client();
        site.tirl.signal("STOP");
        Glass.awaitNoHeartbeat(site);

        Glass.knock(client, site.ipv4());
        site.assertOpens(client, site.ipv4());

        site.tirl.signal("CONT");
        Glass.awaitDormant(site);
        assertTakenOver(client, "ipv4");
        assertThat(client.connects(site.ipv4(), Site.SSH, Site.PROBE)).isTrue();
    }

    @Test
    void terminatedDaemon_opensToo_andTheOpeningEndsByItself() {
        Client client = site.client();
        site.tirl.write(INTERFACES, CONFIG.replace("for = \"20s\"", "for = \"2s\""));
        site.tirl.reload("reloaded");
        assertThat(site.tirl.end("TERM")).isZero();
        assertThat(site.tirl.log()).contains("break-glass works in about 3s");
        Glass.awaitNoHeartbeat(site);

        Glass.knock(client, site.ipv4());

        site.assertOpens(client, site.ipv4());
        site.awaitShut(client, site.ipv4(), Duration.ofSeconds(4));
        site.tirl.restart();
        // Used and shut again while nobody looked: told all the same.
        assertThat(site.tirl.log()).contains("break-glass was used").contains(client.ipv4() + " (");
    }

    @Test
    void reload_changesAndRemovesIt_andKeepsLeases() {
        Client client = site.client();
        site.knockPlain(client);

        site.tirl.write(INTERFACES, Doors.plain() + Glass.section("\"tcp/31001\", \"tcp/22017\""));
        site.tirl.reload("reloaded");
        assertThat(table()).contains("glass_step1_4").doesNotContain("glass_step2_4");
        assertThat(Glass.size(site, "alive")).isEqualTo(2);

        site.tirl.write(INTERFACES, Doors.plain());
        site.tirl.reload("reloaded");
        assertThat(table()).doesNotContain("glass").doesNotContain("alive");

        site.tirl.write(INTERFACES, CONFIG);
        site.tirl.reload("reloaded");
        Glass.awaitDormant(site);
        assertThat(table()).contains("glass_step2_6");
        assertThat(client.connects(site.ipv4(), Site.SSH, Site.PROBE)).isTrue();
        assertThat(LeaseRow.of(site.tirl)).hasSize(1);
        assertThat(site.tirl.log()).doesNotContain("took the table").doesNotContain("error");
    }

    @Test
    void flushOfAllRules_beatsAgainAtOnce() {
        site.network.server().nft("flush ruleset\n");

        Await.until("the table is back", Site.SOON, () -> site.tirl.log().contains("it is back"));
        Glass.awaitDormant(site);
        Client client = site.client();
        Glass.knock(client, site.ipv4());
        site.assertStaysShut(client, site.ipv4());
    }

    /** A gap in the heartbeat would leave elements behind: the kernel keeps each for two minutes here. */
    @Test
    void livingDaemonUnderAFlood_staysDormant() {
        site.tirl.write(INTERFACES, CONFIG.replace("within = \"2s\"", "within = \"2m\""));
        site.tirl.reload("reloaded");

        try (Background flood = SpoofFlood.start(site.network, 200_000, 20_000, 31001)) {
            assertThat(flood.exit(Duration.ofSeconds(30))).as(flood.err()).isZero();
            assertThat(flood.out()).contains("sent 200000");
        }

        assertThat(Glass.size(site, "glass_step1_4")).isZero();
        site.knockPlain(site.client());
    }

    private void assertTakenOver(Client client, String family) {
        String address = family.equals("ipv6") ? client.ipv6() : client.ipv4();
        Await.until(
                () -> "a report of break-glass; the log:\n" + site.tirl.log(),
                Site.SOON,
                () -> site.tirl.log().contains(address + " break-glass: opened tcp/22"));
        assertThat(site.tirl.log()).contains("by 1 address: " + address + " (");
        List<LeaseRow> leases = LeaseRow.of(site.tirl);
        assertThat(leases).hasSize(1);
        assertThat(leases.getFirst().source()).isEqualTo(address);
        assertThat(leases.getFirst().door()).isEqualTo("break-glass");
        assertThat(leases.getFirst().left()).isBetween(1.0, 20.0);
        assertThat(Glass.size(site, "glass_open4") + Glass.size(site, "glass_open6"))
                .isZero();
        assertThat(Glass.size(site, "glass_used4") + Glass.size(site, "glass_used6"))
                .isZero();
    }

    private String table() {
        return site.network.server().ask("nft", "list", "table", "inet", "tirl");
    }
}
