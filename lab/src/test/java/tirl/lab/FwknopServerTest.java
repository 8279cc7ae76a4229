package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stanzas give and refuse to the real fwknop client, and how long. */
@Tag("netns")
class FwknopServerTest {
    private static final String PORT = "asks for a port that OPEN_PORTS or RESTRICT_PORTS does not allow";

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private FwknopFolder files;
    private Site site;
    private Client anna;

    @BeforeEach
    void start() {
        files = new FwknopFolder(folder);
        files.access(
                files.stanza("ports", "OPEN_PORTS tcp/22, udp/53"),
                files.stanza("restricted", "RESTRICT_PORTS tcp/22"),
                files.stanza("times", "OPEN_PORTS tcp/22", "FW_ACCESS_TIMEOUT 77", "MAX_FW_TIMEOUT 120"),
                files.stanza("brief", "OPEN_PORTS tcp/22", "FW_ACCESS_TIMEOUT 4"),
                files.stanza("user", "OPEN_PORTS tcp/22", "REQUIRE_USERNAME anna"),
                files.stanza("expired", "OPEN_PORTS tcp/22", "ACCESS_EXPIRE 01/31/2020"),
                files.stanza("unexpired", "OPEN_PORTS tcp/22", "ACCESS_EXPIRE_EPOCH 4102444800"),
                files.stanza("near", "SOURCE 10.77.77.0/28, 192.0.2.1", "OPEN_PORTS tcp/22"),
                files.stanza("far", "SOURCE 192.0.2.0/24", "OPEN_PORTS tcp/22"),
                files.stanza("named", "OPEN_PORTS tcp/22", "REQUIRE_SOURCE_ADDRESS Y"),
                files.stanza("here", "DESTINATION 10.77.77.1", "OPEN_PORTS tcp/22"),
                files.stanza("elsewhere", "DESTINATION 192.0.2.0/24", "OPEN_PORTS tcp/22"));
        site = files.start();
        anna = site.client();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void openPorts_areOpenedForWhoAsks_andNothingElse() {
        Client bert = site.client();
        site.assertShut(anna, site.ipv4());

        files.send(site, anna, "ports", "-A", "tcp/22", "-a", anna.ipv4());

        site.assertOpens(anna, site.ipv4());
        site.assertShut(bert, site.ipv4());
        FwknopFolder.awaitLease(site, lease("ports", anna.ipv4(), "tcp/22", 30));

        files.send(site, bert, "ports", "-A", "tcp/22,udp/53", "-a", bert.ipv4());
        FwknopFolder.awaitLease(site, lease("ports", bert.ipv4(), "tcp/22", 30));
        FwknopFolder.awaitLease(site, lease("ports", bert.ipv4(), "udp/53", 30));
        assertThat(bert.answersUdp(site.ipv4(), Site.DNS, Site.PROBE)).isTrue();

        refuses("ports", PORT, "-A", "tcp/22,tcp/80", "-a", "10.0.0.1");
        refuses("restricted", PORT, "-A", "tcp/80,tcp/22", "-a", "10.0.0.1");
        files.send(site, anna, "restricted", "-A", "tcp/80", "-a", "10.0.0.2");
        FwknopFolder.awaitLease(site, lease("restricted", "10.0.0.2", "tcp/80", 30));
        assertNothingFor("10.0.0.1");
    }

    @Test
    void times_areTheStanzasOrTheClients_withinItsMost() {
        files.send(site, anna, "times", "-A", "tcp/22", "-a", "10.0.0.1");
        files.send(site, anna, "times", "-A", "tcp/22", "-a", "10.0.0.2", "-f", "100");
        files.send(site, anna, "times", "-A", "tcp/22", "-a", "10.0.0.3", "-f", "1000");
        files.send(site, anna, "times", "-A", "tcp/22", "-a", "10.0.0.4", "-f", "0");

        FwknopFolder.awaitLease(site, lease("times", "10.0.0.1", "tcp/22", 77));
        FwknopFolder.awaitLease(site, lease("times", "10.0.0.2", "tcp/22", 100));
        FwknopFolder.awaitLease(site, lease("times", "10.0.0.3", "tcp/22", 120));
        FwknopFolder.awaitLease(site, lease("times", "10.0.0.4", "tcp/22", 77));
    }

    @Test
    void lease_endsByItself_andIsExtendedWhenAskedForAgain() {
        files.send(site, anna, "brief", "-A", "tcp/22", "-a", anna.ipv4());
        site.assertOpens(anna, site.ipv4());
        files.send(site, anna, "brief", "-A", "tcp/22", "-a", anna.ipv4());
        FwknopFolder.awaitLog(site, files.label("brief") + "/tcp/22: extended tcp/22");

        site.awaitShut(anna, site.ipv4(), FwknopFolder.SOON);
        Await.until(
                "no lease",
                FwknopFolder.SOON,
                () -> KernelLease.of(site.network.server()).isEmpty());
    }

    @Test
    void users_dates_andAddresses_areLookedAt() {
        refuses(
                "user",
                "the user name is not the one of REQUIRE_USERNAME",
                "-U",
                "bert",
                "-A",
                "tcp/22",
                "-a",
                "10.0.0.1");
        refuses("expired", "the stanza has expired", "-A", "tcp/22", "-a", "10.0.0.1");
        refuses("named", "names no address, and REQUIRE_SOURCE_ADDRESS asks for one", "-A", "tcp/22", "-s");
        for (String old : List.of("--time-offset-minus", "--time-offset-plus")) {
            String why = old.endsWith("minus") ? "made too long ago" : "from the future";
            refuses("ports", why, old, "200", "-A", "tcp/22", "-a", "10.0.0.1");
        }
        files.send(site, anna, "user", "-U", "anna", "-A", "tcp/22", "-a", "10.0.0.2");
        FwknopFolder.awaitLease(site, lease("user", "10.0.0.2", "tcp/22", 30));
        files.send(site, anna, "unexpired", "-A", "tcp/22", "-a", "10.0.0.3");
        FwknopFolder.awaitLease(site, lease("unexpired", "10.0.0.3", "tcp/22", 30));
        files.send(site, anna, "ports", "-A", "tcp/22", "-s");
        FwknopFolder.awaitLease(site, lease("ports", anna.ipv4(), "tcp/22", 30));
        assertNothingFor("10.0.0.1");
    }

    @Test
    void sourceAndDestination_areThoseOfThePacket() {
        // Addresses go up from 10, and the network of the stanza ends with 15.
        Client outside = Stream.generate(site::client).limit(8).toList().getLast();
        files.send(site, anna, "far", "-A", "tcp/22", "-a", "10.0.0.1");
        files.send(site, outside, "near", "-A", "tcp/22", "-a", "10.0.0.1");
        files.send(site, anna, "elsewhere", "-A", "tcp/22", "-a", "10.0.0.1");
        files.send(site, anna, "near", "-A", "tcp/22", "-a", "10.0.0.2");
        FwknopFolder.awaitLease(site, lease("near", "10.0.0.2", "tcp/22", 30));
        files.send(site, anna, "here", "-A", "tcp/22", "-a", "10.0.0.3");
        FwknopFolder.awaitLease(site, lease("here", "10.0.0.3", "tcp/22", 30));

        assertNothingFor("10.0.0.1");
        assertThat(site.tirl.log()).doesNotContain("denied");
    }

    /** The client has no IPv6; a packet that says "where it comes from" has it when it comes from there. */
    @Test
    void packetOverIpv6_opensForItsSource() {
        byte[] packet = files.packet(site, "ports", "-A", "tcp/22", "-s");
        site.assertShut(anna, site.ipv6());

        anna.datagram(site.ipv6(), 62_201, packet);

        FwknopFolder.awaitLease(site, lease("ports", anna.ipv6(), "tcp/22", 30));
        site.assertOpens(anna, site.ipv6());
        site.assertShut(anna, site.ipv4());
    }

    private KernelLease lease(String stanza, String source, String port, int seconds) {
        return new KernelLease(source, port, files.label(stanza) + "/" + port, seconds);
    }

    private void refuses(String stanza, String why, String... options) {
        files.send(site, anna, stanza, options);
        FwknopFolder.awaitLog(site, anna.ipv4() + " " + files.label(stanza) + ": denied: " + why);
    }

    private void assertNothingFor(String source) {
        assertThat(KernelLease.of(site.network.server()))
                .extracting(KernelLease::source)
                .doesNotContain(source);
    }
}
