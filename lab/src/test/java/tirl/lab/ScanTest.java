package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers see and achieve: scans, and a flood of forged first knocks. */
@Tag("netns")
class ScanTest {
    private static final int FORGED_SOURCES = 100_000;
    private static final int FORGED_PER_SECOND = 10_000;
    private static final int HONEST_AT_LEAST = 10;

    private static Site site;

    @BeforeAll
    static void startDaemon() {
        site = Site.practising(Doors.plain());
    }

    @AfterAll
    static void stopDaemon() {
        site.close();
    }

    @Test
    void scannerSeesGuardedPortAsFiltered() {
        Client stranger = site.client();

        String seen = nmap(site, stranger, "-p", "22,23");

        assertThat(seen).containsPattern("22/tcp +filtered").containsPattern("23/tcp +closed");
    }

    // Twice around the door's own ports: in 6900-9100 the three knocks come closest together.
    @ParameterizedTest
    @ValueSource(strings = {"6900-9100", "6900-9100", "1-65535"})
    void scanInOrder_opensNothing(String ports) {
        Client stranger = site.client();

        nmap(site, stranger, "-r", "-p", ports);

        site.assertStaysShut(stranger, site.ipv4());
    }

    /** As it opens knockd's: so the scan above is the one that it claims to be. */
    @Test
    void scanInOrder_opensADoorThatIsNotStrict() {
        try (Site lax = Site.with(
                Doors.service("ssh", "tcp/22") + Doors.door("lax", "tcp/7000 tcp/8000 tcp/9000", "strict = false"))) {
            Client stranger = lax.client();

            nmap(lax, stranger, "-r", "-p", "6900-9100");

            lax.assertOpens(stranger, lax.ipv4());
        }
    }

    @Test
    void forgedFlood_leavesHonestKnocksThrough() {
        List<Duration> opened = new ArrayList<>();
        try (Background flood = SpoofFlood.start(site.network, FORGED_SOURCES, FORGED_PER_SECOND, 7000)) {
            awaitTraffic(FORGED_PER_SECOND / 10);
            while (flood.alive()) {
                Client honest = site.client();
                honest.syns(site.ipv4(), Duration.ofMillis(50), 7000, 8000);
                honest.syn(site.ipv4(), 9000);
                long knocked = System.nanoTime();
                site.assertOpens(honest, site.ipv4());
                opened.add(Duration.ofNanos(System.nanoTime() - knocked));
                Await.pause(Duration.ofMillis(200));
            }
            assertThat(flood.exit(Site.SOON)).as(flood.err()).isZero();
            assertThat(flood.out()).contains("sent " + FORGED_SOURCES);
            // Slower than asked would be a weaker test that looks the same.
            assertThat(perSecond(flood.out())).isGreaterThan(FORGED_PER_SECOND * 9 / 10);
        }
        assertThat(opened).as("honest knocks during the flood").hasSizeGreaterThanOrEqualTo(HONEST_AT_LEAST);
        site.knockPlain(site.client());
    }

    private static int perSecond(String sent) {
        return Integer.parseInt(sent.replaceAll("(?s).*, (\\d+)/s.*", "$1"));
    }

    /** The flood's JVM has started when this many frames have come in. */
    private static void awaitTraffic(long frames) {
        long before = received();
        Await.until("the flood is running", Duration.ofSeconds(10), () -> received() - before > frames);
    }

    private static long received() {
        return Long.parseLong(site.network
                .server()
                .ask("cat", "/sys/class/net/srv0/statistics/rx_packets")
                .strip());
    }

    static String nmap(Site site, Client client, String... ports) {
        List<String> words = new ArrayList<>(List.of(
                "nmap",
                "-sS",
                "-Pn",
                "-n",
                "--max-retries",
                "0",
                "--min-rate",
                "5000",
                "-e",
                "cli0",
                "-S",
                client.ipv4()));
        words.addAll(List.of(ports));
        words.add(site.ipv4());
        return site.network
                .clients()
                .run(Duration.ofSeconds(90), words.toArray(String[]::new))
                .orThrow()
                .out();
    }
}
