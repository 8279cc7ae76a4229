package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SPA with real packets: a device is invited, joins and opens, on a host that has no doors at all. */
@Tag("netns")
class SpaSilenceTest {
    private static final List<String> INTERFACES = List.of("srv0");
    private static final String SERVICE = Doors.service("ssh", "tcp/22");
    private static final Pattern URI = Pattern.compile("TIRL:[A-Z2-7]+");
    private static final int PORT = 62201;

    @TempDir
    private Path profiles = Path.of("/nonexistent");

    private Site site;

    /** The first client has the address that the namespace sends from; it is the device. */
    @BeforeEach
    void start() {
        site = Site.with(SERVICE + "[spa]\nport = " + PORT + "\n");
        var _ = site.client();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private Output tirl(String command, String... words) {
        return site.network
                .clients()
                .run(Stream.concat(
                                Stream.of(TirlProcess.launcher(), command, "--profiles", profiles.toString()),
                                Stream.of(words))
                        .toArray(String[]::new));
    }

    private void join(String device) {
        String told = site.tirl
                .control("invite", device, "--service", "ssh", "--host", site.ipv4(), "--json")
                .orThrow()
                .out();
        Matcher uri = URI.matcher(told);
        assertThat(uri.find()).as(told).isTrue();
        assertThat(tirl("join", uri.group(), "--as", device).exit())
                .as(() -> "joining; the daemon's log:\n" + site.tirl.log())
                .isZero();
    }

    /** A stranger sees nothing all the while; after a kill the device still gets in, and then gives it back. */
    @Test
    void device_joins_opens_survivesARestart_andCloses() {
        Client stranger = site.client();
        join("anna");
        site.assertShut(stranger, site.ipv4());

        Output opened = tirl("open", "anna", "--wait");
        assertThat(opened.exit()).as(opened + site.tirl.log()).isZero();
        assertThat(site.tirl.log()).contains(" anna/ssh: opened tcp/22 for ", " anna: enrolled");
        site.assertShut(stranger, site.ipv4());

        site.tirl.end("KILL");
        site.tirl.restart();
        assertThat(LeaseRow.of(site.tirl)).extracting(LeaseRow::door).contains("anna/ssh");
        Output told = tirl("open", "anna", "--answer");
        assertThat(told.exit()).as(told + site.tirl.log()).isZero();
        assertThat(told.out()).contains("granted");

        Output closed = tirl("close", "anna");
        assertThat(closed.exit()).as(closed + site.tirl.log()).isZero();
        assertThat(LeaseRow.of(site.tirl)).isEmpty();
        assertThat(site.tirl.control("status").out()).contains("heard on udp/" + PORT, "knows 1 keys");
    }

    @Test
    void revokedDevice_andAHostWithoutSpa_areDeaf() {
        join("anna");
        site.tirl.write(INTERFACES, SERVICE);
        site.tirl.reload("reloaded");
        assertThat(tirl("open", "anna", "--wait", "--within", "1s").exit()).isEqualTo(1);

        site.tirl.write(INTERFACES, SERVICE + "[spa]\nport = " + PORT + "\n");
        site.tirl.reload("reloaded");
        assertThat(tirl("open", "anna", "--wait").exit()).as(site.tirl.log()).isZero();

        site.tirl.control("devices", "revoke", "anna").orThrow();
        assertThat(LeaseRow.of(site.tirl)).isEmpty();
        assertThat(tirl("open", "anna", "--wait", "--within", "1s").exit()).isEqualTo(1);
    }

    /** Where nothing is, a host says "port unreachable"; where SPA is heard it says nothing, also right after an answer. */
    @Test
    void portIsSilent() {
        Client scanner = site.client();
        scanner.datagram(site.ipv4(), PORT + 1);
        scanner.datagram(site.ipv6(), PORT + 1);
        Await.until("both are refused", Site.SOON, () -> unreachable() == 2);

        scanner.datagram(site.ipv4(), PORT);
        scanner.datagram(site.ipv6(), PORT);
        join("anna");
        assertThat(tirl("open", "anna", "--answer").out()).contains("granted");
        assertThat(site.network.server().ask("conntrack", "-L", "-p", "udp"))
                .as("neither packets nor answers are connections")
                .doesNotContain("=" + PORT + " ");

        scanner.datagram(site.ipv4(), PORT + 1);
        Await.until("a last one is refused, so all before it are counted", Site.SOON, () -> unreachable() == 3);
        assertThat(site.network.server().ask("ss", "-Hnulpa")).as("sockets").doesNotContain(":" + PORT);
    }

    private long unreachable() {
        return site.network
                .server()
                .ask("nstat", "-asz", "IcmpOutDestUnreachs", "Icmp6OutDestUnreachs")
                .lines()
                .filter(line -> line.contains("OutDestUnreachs"))
                .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", -1)[1]))
                .sum();
    }
}
