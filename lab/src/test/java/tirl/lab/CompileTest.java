package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tirl.lab.CompiledSite.Kernel;

/** What kernels make of compiled rules: nftables, and iptables over nftables and over its own tables. */
@Tag("netns")
class CompileTest {
    private static final int[] LONGEST =
            IntStream.range(0, 32).map(i -> 20_000 + i * 37 % 32).toArray();
    private static final String CONFIG = "public = [\"tcp/443\"]\n" + Doors.service("dns", "udp/53") + Doors.plain()
            + Doors.door("mixed", "tcp/7200 udp/8200 tcp/9200", "opens = [\"ssh\", \"dns\"]")
            + Doors.door("echo", "tcp/7300 udp/8300 icmp/echo:64 tcp/9300")
            + Doors.door("quick", "tcp/7400 tcp/8400 tcp/9400", "within = \"2s\"")
            + Doors.door("fin", "tcp/7500 tcp/8500 tcp/9500", "flags = [\"fin\", \"!ack\"]")
            + Doors.door("easy", "tcp/7700 tcp/8700 tcp/9700", "strict = false")
            + Doors.door("brief", "tcp/7100 tcp/8100 tcp/9100", "for = \"3s\"")
            + Doors.door("back", "tcp/7900 tcp/8900 tcp/7900 tcp/9900", "within = \"2s\"")
            + Doors.door("longest", udp(LONGEST));

    private static final Map<Kernel, CompiledSite> SITES = new EnumMap<>(Kernel.class);

    @BeforeAll
    static void load() throws IOException {
        for (Kernel kernel : Kernel.values()) {
            SITES.put(kernel, CompiledSite.load(kernel, CONFIG));
        }
    }

    @AfterAll
    static void close() {
        SITES.values().forEach(CompiledSite::close);
    }

    static Stream<Arguments> kernelsAndFamilies() {
        return Stream.of(Kernel.values())
                .flatMap(kernel -> Stream.of("ipv4", "ipv6").map(family -> Arguments.of(kernel, family)));
    }

    @ParameterizedTest
    @MethodSource("kernelsAndFamilies")
    void knockOfDebian_opensToItsSourceOnly(Kernel kernel, String family) {
        for (String knocks : new String[] {"7000 8000 9000", "7200 8200:udp 9200"}) {
            Client client = site(kernel).network.client();
            assertShut(kernel, client, family);

            knock(kernel, client, family, knocks);

            assertOpen(kernel, client, family);
            assertShut(kernel, site(kernel).network.client(), family);
        }
    }

    @ParameterizedTest
    @MethodSource("kernelsAndFamilies")
    void otherService_opensWithTheDoorThatNamesIt(Kernel kernel, String family) {
        Client client = site(kernel).network.client();
        String server = site(kernel).address(family);
        knock(kernel, client, family, "7000 8000 9000");
        assertThat(client.answersUdp(server, Site.DNS, Site.PROBE)).isFalse();

        knock(kernel, client, family, "7200 8200:udp 9200");

        assertThat(client.answersUdp(server, Site.DNS, Site.PROBE)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("kernelsAndFamilies")
    void echoOfTheRightSize_opens(Kernel kernel, String family) {
        Client client = site(kernel).network.client();
        tirlKnock(kernel, client, family, "7300 8300:udp 65:icmp 9300");
        assertShut(kernel, client, family);

        tirlKnock(kernel, client, family, "7300 8300:udp 64:icmp 9300");

        assertOpen(kernel, client, family);
    }

    @ParameterizedTest
    @MethodSource("kernelsAndFamilies")
    void longestSequence_opens_andNotWithTwoKnocksChanged(Kernel kernel, String family) {
        Client client = site(kernel).network.client();
        int[] changed = LONGEST.clone();
        changed[17] = LONGEST[18];
        changed[18] = LONGEST[17];
        datagrams(kernel, client, family, changed);
        assertShut(kernel, client, family);

        datagrams(kernel, client, family, LONGEST);

        assertOpen(kernel, client, family);
    }

    @ParameterizedTest
    @MethodSource("kernelsAndFamilies")
    void wrongOrderOrOtherPortBetween_opensNothing_andTheNextKnockOpens(Kernel kernel, String family) {
        Client client = site(kernel).network.client();
        String server = site(kernel).address(family);
        client.syns(server, Site.PACE, 7000, 9000, 8000);
        assertShut(kernel, client, family);
        client.syns(server, Site.PACE, 7000, 8000, 12345, 9000);
        assertShut(kernel, client, family);
        client.syns(server, Site.PACE, 7000, 8000, 7200, 9000);
        assertShut(kernel, client, family);

        client.syns(server, Site.PACE, 7000, 443, 8000, Site.SSH, 9000);

        assertOpen(kernel, client, family);
    }

    @ParameterizedTest
    @EnumSource(Kernel.class)
    void looseDoor_isSpoiltByListedPortsOnly(Kernel kernel) {
        Client client = site(kernel).network.client();
        String server = site(kernel).address("ipv4");
        client.syns(server, Site.PACE, 7700, 8700, 7000, 9700);
        assertShut(kernel, client, "ipv4");

        client.syns(server, Site.PACE, 7700, 8700, 12345, 9700);

        assertOpen(kernel, client, "ipv4");
    }

    @ParameterizedTest
    @EnumSource(Kernel.class)
    void scanInOrder_opensNothing(Kernel kernel) {
        Client client = site(kernel).network.client();

        client.run(
                        "nmap",
                        "-sS",
                        "-Pn",
                        "-n",
                        "-r",
                        "--max-retries",
                        "0",
                        "-e",
                        "cli0",
                        "-S",
                        client.ipv4(),
                        "-p",
                        "6990-7010,7990-8010,8990-9010",
                        site(kernel).address("ipv4"))
                .orThrow();

        assertShut(kernel, client, "ipv4");
    }

    @ParameterizedTest
    @EnumSource(Kernel.class)
    void lastKnockTooLate_opensNothing(Kernel kernel) {
        String server = site(kernel).address("ipv4");
        Client late = site(kernel).network.client();
        Client again = site(kernel).network.client();
        late.syns(server, Site.PACE, 7400, 8400);
        again.syns(server, Site.PACE, 7900, 8900, 7900);
        Await.pause(Duration.ofMillis(2_300)); // both doors give two seconds
        late.syn(server, 9400);
        assertShut(kernel, late, "ipv4");
        again.syns(server, Site.PACE, 7900, 9900);
        assertShut(kernel, again, "ipv4");

        late.syns(server, Site.PACE, 7400, 8400, 9400);
        again.syns(server, Site.PACE, 7900, 8900, 7900, 9900);

        assertOpen(kernel, late, "ipv4");
        assertOpen(kernel, again, "ipv4");
    }

    @ParameterizedTest
    @MethodSource("kernelsAndFamilies")
    void lease_endsInTime_andTheConnectionGoesOn(Kernel kernel, String family) throws IOException {
        Client client = site(kernel).network.client();
        String server = site(kernel).address(family);
        long knocked = System.nanoTime();
        client.syns(server, Site.PACE, 7100, 8100, 9100);
        assertOpen(kernel, client, family);

        try (Socket connection = client.connect(server, Site.SSH, Site.PROBE)) {
            Await.until(
                    "the lease ends", Duration.ofSeconds(6), () -> !site(kernel).isOpen(client, family));
            assertThat(Duration.ofNanos(System.nanoTime() - knocked))
                    .isBetween(Duration.ofMillis(2_900), Duration.ofMillis(4_500));
            connection.setSoTimeout(2_000);
            connection.getOutputStream().write(42);
            assertThat(connection.getInputStream().read()).isEqualTo(42);
        }
    }

    @ParameterizedTest
    @EnumSource(Kernel.class)
    void finDoor_opensForFinOnly(Kernel kernel) {
        Client client = site(kernel).network.client();
        String server = site(kernel).address("ipv4");
        client.syns(server, Site.PACE, 7500, 8500, 9500);
        assertShut(kernel, client, "ipv4");

        for (int port : new int[] {7500, 8500, 9500}) {
            client.run("hping3", "-q", "-c", "1", "-a", client.ipv4(), "-F", "-p", Integer.toString(port), server);
        }

        assertOpen(kernel, client, "ipv4");
    }

    /** A firewall that drops the knocks makes curl send each SYN again, after one second. */
    @ParameterizedTest
    @EnumSource(Kernel.class)
    void retransmittedSyns_areTolerated(Kernel kernel) {
        Client client = site(kernel).network.client();
        Namespace server = site(kernel).network.server();
        server.nft(
                "table inet deaf { chain c { type filter hook input priority 0; tcp dport 7000-9000 counter drop; }; }");

        for (int port : Doors.PLAIN) {
            client.run(
                    "curl", "-s", "--max-time", "1.6", "http://" + site(kernel).address("ipv4") + ":" + port);
        }

        assertThat(server.ask("nft", "list", "table", "inet", "deaf")).contains("packets 6 ");
        server.nft("delete table inet deaf\n");
        assertOpen(kernel, client, "ipv4");
    }

    private static CompiledSite site(Kernel kernel) {
        return Objects.requireNonNull(SITES.get(kernel));
    }

    private static void knock(Kernel kernel, Client client, String family, String knocks) {
        run(kernel, client, family, "knock", knocks);
    }

    private static void tirlKnock(Kernel kernel, Client client, String family, String knocks) {
        run(kernel, client, family, TirlProcess.launcher() + " knock", knocks);
    }

    private static void run(Kernel kernel, Client client, String family, String program, String knocks) {
        String line = program + " -d 5 " + site(kernel).address(family) + " " + knocks;
        client.run(line.split(" ", -1)).orThrow();
    }

    private static void datagrams(Kernel kernel, Client client, String family, int... ports) {
        for (int port : ports) {
            client.datagram(site(kernel).address(family), port);
            Await.pause(Site.PACE);
        }
    }

    private static String udp(int... ports) {
        List<String> steps = new ArrayList<>();
        IntStream.of(ports).forEach(port -> steps.add("udp/" + port));
        return String.join(" ", steps);
    }

    private static void assertOpen(Kernel kernel, Client client, String family) {
        Await.until(
                () -> "port 22 opens for " + client,
                Site.SOON,
                () -> site(kernel).isOpen(client, family));
    }

    /** Not only because the kernel has not come to the knocks yet: those of another client, sent later, have opened. */
    private static void assertShut(Kernel kernel, Client client, String family) {
        Client canary = site(kernel).network.client();
        canary.syns(site(kernel).address(family), Site.PACE, Doors.PLAIN);
        assertOpen(kernel, canary, family);
        assertThat(site(kernel).isOpen(client, family))
                .as("port 22 for %s", client)
                .isFalse();
    }
}
