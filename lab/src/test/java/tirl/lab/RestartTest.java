package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a killed daemon's successor knows of leases: more than the kernel's elements say. */
@Tag("netns")
class RestartTest {
    private static final int[] WIDE = {7200, 8200, 9200};

    private Site site;

    @BeforeEach
    void startDaemon() {
        site = Site.with(Doors.plain()
                + Doors.service("dns", "tcp/53")
                + Doors.door("wide", "tcp/7200 tcp/8200 tcp/9200", "opens = [\"ssh\", \"dns\"]", "for = \"60s\""));
    }

    @AfterEach
    void stopDaemon() {
        site.close();
    }

    private Client openTwice() {
        Client client = site.client();
        site.knockPlain(client);
        client.syns(site.ipv4(), Site.PACE, WIDE);
        Await.until("port 53", Site.SOON, () -> client.connects(site.ipv4(), Site.DNS, Site.PROBE));
        return client;
    }

    @Test
    void twoLeasesOverOnePort_areBothThere_andRevokingOneLeavesTheOther() {
        Client client = openTwice();
        List<LeaseRow> before = LeaseRow.of(site.tirl);
        assertThat(before).hasSize(2);

        assertThat(site.tirl.end("KILL")).isNotZero();
        site.tirl.restart();

        assertThat(LeaseRow.of(site.tirl))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("left")
                .isEqualTo(before);
        site.tirl.control("revoke", before.getLast().id()).orThrow();
        assertThat(client.connects(site.ipv4(), Site.SSH, Site.PROBE)).isTrue();
        assertThat(client.reach(site.ipv4(), Site.DNS, Site.PROBE)).isEqualTo(Reach.SILENT);
    }

    @Test
    void rulesFlushedWhileItWasDead_leasesAreOpenAgain_withTheTimeLeft() {
        Client client = openTwice();
        assertThat(site.tirl.end("KILL")).isNotZero();
        String left = site.network.server().ask("nft", "-j", "list", "table", "inet", "tirl");
        assertThat(left).contains(client.ipv4());
        site.network.server().ask("nft", "delete", "table", "inet", "tirl");

        site.tirl.restart();

        assertThat(client.connects(site.ipv4(), Site.SSH, Site.PROBE)).isTrue();
        assertThat(client.connects(site.ipv4(), Site.DNS, Site.PROBE)).isTrue();
        assertThat(LeaseRow.of(site.tirl))
                .hasSize(2)
                .allSatisfy(lease ->
                        assertThat(lease.left()).isLessThan(lease.door().equals("wide") ? 60 : 30));
        site.assertShut(site.client(), site.ipv4());
    }
}
