package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which knocks open a door, as real clients send them. */
@Tag("netns")
class KnockTest {
    private static Site site;

    @BeforeAll
    static void startDaemon() {
        site = Site.practising("public = [\"tcp/443\", \"udp/443\"]\n"
                + Doors.plain()
                + Doors.door("udp", "udp/7100 udp/8100 udp/9100")
                + Doors.door("mixed", "tcp/7200 udp/8200 tcp/9200")
                + Doors.door("echo", "tcp/7300 udp/8300 icmp/echo:64 tcp/9300")
                + Doors.door("quick", "tcp/7400 tcp/8400 tcp/9400", "within = \"1s\"")
                + Doors.door("fin", "tcp/7500 tcp/8500 tcp/9500", "flags = [\"fin\", \"!ack\"]")
                + Doors.door("touchy", "tcp/7600 tcp/8600 tcp/9600", "tolerate-repeat = false")
                + Doors.door("easy", "tcp/7700 tcp/8700 tcp/9700", "strict = false"));
    }

    @AfterAll
    static void stopDaemon() {
        site.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ipv4, 7000 8000 9000", "ipv6, 7000 8000 9000",
        "ipv4, 7100:udp 8100:udp 9100:udp", "ipv6, 7100:udp 8100:udp 9100:udp",
        "ipv4, 7200 8200:udp 9200", "ipv6, 7200 8200:udp 9200",
    })
    void knockOfDebian_opens(String family, String knocks) {
        Client client = site.client();
        String server = site.address(family);
        site.assertShut(client, server);

        client.run(words("knock -d 5", server, knocks)).orThrow();

        site.assertOpens(client, server);
    }

    @ParameterizedTest
    @CsvSource({
        "ipv4, 7000 8000 9000", "ipv6, 7000 8000 9000",
        "ipv4, 7100:udp 8100:udp 9100:udp", "ipv6, 7100:udp 8100:udp 9100:udp",
        "ipv4, 7300 8300:udp 64:icmp 9300", "ipv6, 7300 8300:udp 64:icmp 9300",
    })
    void knockOfTirl_opens(String family, String knocks) {
        Client client = site.client();
        String server = site.address(family);

        client.run(words(TirlProcess.launcher() + " knock -d 5", server, knocks))
                .orThrow();

        site.assertOpens(client, server);
    }

    @Test
    void knockOfTirl_withUdpForAll_opens() {
        Client client = site.client();

        client.run(words(TirlProcess.launcher() + " knock -u", site.ipv4(), "7100 8100 9100"))
                .orThrow();

        site.assertOpens(client, site.ipv4());
    }

    @Test
    void echoOfWrongSize_opensNothing() {
        Client client = site.client();

        client.run(words(TirlProcess.launcher() + " knock -d 5", site.ipv4(), "7300 8300:udp 65:icmp 9300"))
                .orThrow();

        site.assertStaysShut(client, site.ipv4());
    }

    @Test
    void echoOfAnotherProgram_opens() {
        Client client = site.client();

        client.syn(site.ipv4(), 7300);
        client.datagram(site.ipv4(), 8300);
        hping(client, "-1", "-d", "64");
        client.syn(site.ipv4(), 9300);

        site.assertOpens(client, site.ipv4());
    }

    @Test
    void wrongOrder_opensNothing() {
        Client client = site.client();

        client.syns(site.ipv4(), Site.PACE, 7000, 9000, 8000);

        site.assertStaysShut(client, site.ipv4());
    }

    @Test
    void wrongTransport_opensNothing() {
        Client client = site.client();

        client.datagram(site.ipv4(), 7000);
        client.datagram(site.ipv4(), 8000);
        client.datagram(site.ipv4(), 9000);

        site.assertStaysShut(client, site.ipv4());
    }

    @Test
    void otherPortBetween_opensNothing_andTheNextKnockOpens() {
        Client client = site.client();

        client.syns(site.ipv4(), Site.PACE, 7000, 8000, 12345, 9000);
        site.assertStaysShut(client, site.ipv4());

        client.syns(site.ipv4(), Site.PACE, Doors.PLAIN);
        site.assertOpens(client, site.ipv4());
    }

    @Test
    void otherPortBetween_whereDoorIsNotStrict_opens() {
        Client client = site.client();

        client.syns(site.ipv4(), Site.PACE, 7700, 8700, 12345, 9700);

        site.assertOpens(client, site.ipv4());
    }

    @Test
    void publicOrGuardedPortBetween_opens() {
        Client client = site.client();

        client.syns(site.ipv4(), Site.PACE, 7000, 443, 8000, Site.SSH, 9000);

        site.assertOpens(client, site.ipv4());
    }

    @Test
    void lastKnockTooLate_opensNothing() {
        Client client = site.client();

        client.syns(site.ipv4(), Site.PACE, 7400, 8400);
        Await.pause(Duration.ofMillis(1_200)); // the door gives one second
        client.syn(site.ipv4(), 9400);

        site.assertStaysShut(client, site.ipv4());
        client.syns(site.ipv4(), Site.PACE, 7400, 8400, 9400);
        site.assertOpens(client, site.ipv4());
    }

    @Test
    void finDoor_opensForFinOnly() {
        Client client = site.client();
        for (int port : new int[] {7500, 8500, 9500}) {
            hping(client, "-F", "-p", Integer.toString(port));
        }
        site.assertOpens(client, site.ipv4());

        Client withSyn = site.client();
        withSyn.syns(site.ipv4(), Site.PACE, 7500, 8500, 9500);
        site.assertStaysShut(withSyn, site.ipv4());
    }

    @Test
    void synDoor_staysShutForFin() {
        Client client = site.client();

        for (int port : Doors.PLAIN) {
            hping(client, "-F", "-p", Integer.toString(port));
        }

        site.assertStaysShut(client, site.ipv4());
    }

    @Test
    void repeatedKnock_isTolerated_exceptWhereSwitchedOff() {
        Client tolerated = site.client();
        tolerated.syns(site.ipv4(), Site.PACE, 7000, 7000, 8000, 8000, 8000, 9000);
        site.assertOpens(tolerated, site.ipv4());

        Client refused = site.client();
        refused.syns(site.ipv4(), Site.PACE, 7600, 8600, 8600, 9600);
        site.assertStaysShut(refused, site.ipv4());
    }

    @Test
    void taggedFrames_count() {
        Client client = site.client();

        for (int port : Doors.PLAIN) {
            client.taggedSyn(40, port);
            Await.pause(Site.PACE);
        }

        site.assertOpens(client, site.ipv4());
    }

    private static void hping(Client client, String... options) {
        Output sent = client.run(Stream.of(
                        Stream.of("hping3", "-q", "-c", "1", "-a", client.ipv4()),
                        Stream.of(options),
                        Stream.of(site.ipv4()))
                .flatMap(words -> words)
                .toArray(String[]::new));
        // Its exit status tells whether a reply came, which is not what we ask.
        assertThat(sent.out() + sent.err()).as("%s", sent).contains("1 packets transmitted");
    }

    private static String[] words(String command, String server, String knocks) {
        return (command + " " + server + " " + knocks).split(" ", -1);
    }
}
