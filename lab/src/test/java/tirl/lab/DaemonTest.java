package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ends, restarts and reloads of the daemon: leases stay what they are, and nothing is open in between. */
@Tag("netns")
class DaemonTest {
    private static final int[] BRIEF = {7100, 8100, 9100};
    private static final List<String> INTERFACES = List.of("srv0");
    private static final String CONFIG =
            Doors.plain() + Doors.door("brief", "tcp/7100 tcp/8100 tcp/9100", "for = \"3s\"");

    private Site site;

    @BeforeEach
    void startDaemon() {
        site = Site.with(CONFIG);
    }

    @AfterEach
    void stopDaemon() {
        site.close();
    }

    @Test
    void killedDaemon_leaseStillEndsOnTime() {
        Client client = site.client();
        Client stranger = site.client();
        long knocked = System.nanoTime();
        client.syns(site.ipv4(), Site.PACE, BRIEF);
        site.assertOpens(client, site.ipv4());

        int status = site.tirl.end("KILL");

        assertThat(status).isNotZero();
        assertThat(client.connects(site.ipv4(), Site.SSH, Site.PROBE)).isTrue();
        site.assertShut(stranger, site.ipv4());
        site.awaitShut(client, site.ipv4(), Duration.ofSeconds(6));
        assertThat(Duration.ofNanos(System.nanoTime() - knocked))
                .isBetween(Duration.ofSeconds(3), Duration.ofMillis(4_500));
    }

    @Test
    void killAndRestart_keepsTheLease_andNobodyElseGetsIn() {
        Client client = site.client();
        site.knockPlain(client);

        try (Prober stranger = Prober.start(site.client(), site.ipv4(), Site.SSH)) {
            site.tirl.end("KILL");
            site.tirl.restart();

            assertThat(client.connects(site.ipv4(), Site.SSH, Site.PROBE)).isTrue();
            LeaseRow lease = onlyLease();
            assertThat(lease.source()).isEqualTo(client.ipv4());
            assertThat(lease.door()).isEqualTo("plain");
            assertThat(lease.left()).isBetween(1.0, 30.0);
            assertThat(stranger.attempts()).isGreaterThan(20);
            assertThat(stranger.successes()).isZero();
        }
        site.knockPlain(site.client());
    }

    @Test
    void reload_addsADoor_keepsTheLease_andNobodyElseGetsIn() {
        Client client = site.client();
        site.knockPlain(client);

        try (Prober stranger = Prober.start(site.client(), site.ipv4(), Site.SSH)) {
            site.tirl.write(INTERFACES, CONFIG + Doors.door("new", "udp/7300 udp/8300 udp/9300"));
            site.tirl.reload("reloaded");
            Await.until("twenty probes after the reload", Site.SOON, probes(stranger, 20));
            assertThat(stranger.successes()).isZero();
        }

        assertThat(site.tirl.log()).doesNotContain("took the table");
        assertThat(client.connects(site.ipv4(), Site.SSH, Site.PROBE)).isTrue();
        assertThat(onlyLease().source()).isEqualTo(client.ipv4());
        Client newcomer = site.client();
        for (int port : new int[] {7300, 8300, 9300}) {
            newcomer.datagram(site.ipv4(), port);
            Await.pause(Site.PACE);
        }
        site.assertOpens(newcomer, site.ipv4());
    }

    @Test
    void reloadOfABadFile_changesNothing() {
        Client client = site.client();
        site.knockPlain(client);

        site.tirl.write(INTERFACES, CONFIG.replace("tcp/7000", "tcp/70000"));
        site.tirl.reload("keeping the running configuration");

        assertThat(site.tirl.alive()).isTrue();
        assertThat(client.connects(site.ipv4(), Site.SSH, Site.PROBE)).isTrue();
        site.knockPlain(site.client());
    }

    @Test
    void reloadThatGuardsOneMorePort_shutsIt() {
        Client client = site.client();
        assertThat(client.reach(site.ipv4(), Site.DNS, Site.PROBE)).isEqualTo(Reach.OPEN);

        site.tirl.write(INTERFACES, CONFIG + Doors.service("dns", "tcp/53"));
        site.tirl.reload("reloaded");

        assertThat(client.reach(site.ipv4(), Site.DNS, Site.PROBE)).isEqualTo(Reach.SILENT);
        site.knockPlain(client);
    }

    @Test
    void terminated_exitsWithZero_andTheGuardStays() {
        Client client = site.client();

        assertThat(site.tirl.end("TERM")).isZero();

        site.assertShut(client, site.ipv4());
        site.tirl.restart();
        assertThat(site.tirl.end("INT")).isZero();
        site.assertShut(client, site.ipv4());
    }

    @Test
    void stop_takesTheGuardAway_unlessToldToKeepIt() {
        Client client = site.client();
        site.tirl.control("stop", "--keep").orThrow();
        assertThat(site.tirl.awaitEnd()).isZero();
        site.assertShut(client, site.ipv4());

        site.tirl.restart();
        site.tirl.control("stop").orThrow();
        assertThat(site.tirl.awaitEnd()).isZero();
        assertThat(client.reach(site.ipv4(), Site.SSH, Site.PROBE)).isEqualTo(Reach.OPEN);
        assertThat(site.network.server().ask("nft", "list", "tables")).doesNotContain("tirl");
    }

    @Test
    void rulesOfOthers_areNotTouched() {
        Namespace server = site.network.server();
        site.tirl.control("stop").orThrow();
        assertThat(site.tirl.awaitEnd()).isZero();
        server.nft("""
                table inet filter {
                  set friends { type ipv4_addr; elements = { 192.0.2.1, 192.0.2.2 }; }
                  chain input { type filter hook input priority 0; policy accept; ip saddr @friends accept; tcp dport 9 drop; }
                }
                table ip nat { chain post { type nat hook postrouting priority 100; ip saddr 192.0.2.0/24 masquerade; }; }
                """);
        // Handles are part of the comparison: a rule that was taken out and put back would have a new one.
        String before = server.ask("nft", "-a", "list", "ruleset");

        site.tirl.restart();
        site.knockPlain(site.client());
        site.tirl.reload("reloaded");
        assertThat(server.ask("nft", "-a", "list", "ruleset")).startsWith(before);
        site.tirl.control("stop").orThrow();
        assertThat(site.tirl.awaitEnd()).isZero();

        assertThat(server.ask("nft", "-a", "list", "ruleset")).isEqualTo(before);
    }

    /** What `systemctl reload nftables` does on Debian: its file begins with a flush of all rules. */
    @Test
    void flushOfAllRules_isUndone_andTheLeaseGoesOn() {
        Client client = site.client();
        Client stranger = site.client();
        site.knockPlain(client);

        site.network.server().nft("flush ruleset\n");

        Await.until(
                () -> "the table is back; the daemon's log:\n" + site.tirl.log(),
                Duration.ofSeconds(3),
                () -> site.tirl.log().contains("it is back, with 1 leases"));
        site.assertShut(stranger, site.ipv4());
        assertThat(client.connects(site.ipv4(), Site.SSH, Site.PROBE)).isTrue();
        assertThat(site.tirl.log().lines().filter(line -> line.contains("it is back")))
                .as("putting it back is not taken for another deletion")
                .hasSize(1);
    }

    private LeaseRow onlyLease() {
        List<LeaseRow> leases = LeaseRow.of(site.tirl);
        assertThat(leases).hasSize(1);
        return leases.getFirst();
    }

    private static BooleanSupplier probes(Prober prober, int more) {
        int before = prober.attempts();
        return () -> prober.attempts() >= before + more;
    }
}
