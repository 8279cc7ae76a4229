package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tirl.client.fwknop.Delivery;
import tirl.client.fwknop.Plan;
import tirl.client.fwknop.Route;
import tirl.client.fwknop.Values;
import tirl.fwknop.DigestType;
import tirl.fwknop.MessageType;
import tirl.linux.icmp.EchoLine;
import tirl.packet.Address;

/** Our client of fwknop opens the real fwknopd 2.6.10, whatever the two agree on. Its effects are looked at, not its log. */
@Tag("netns")
class FwknopClientTest {
    private static final int WAVE = 60;
    /** While it waits for gpg, fwknopd now and then misses a packet: its log has nothing of it. */
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path folder = Path.of("/nonexistent");

    /** Every stanza with every type in every carrier; digests take turns, so that each stanza sees all. */
    private static List<FwknopdRow> rijndael() throws Exception {
        List<FwknopdRow> rows = new ArrayList<>();
        for (FwknopdStanza stanza : FwknopdStanza.rijndael()) {
            for (MessageType type : MessageType.values()) {
                for (Route.Carrier carrier : Route.Carrier.values()) {
                    rows.add(row(rows.size(), stanza, type, carrier));
                }
            }
        }
        return rows;
    }

    /** Every stanza with every type; carriers take turns too, as each packet costs four runs of gpg. */
    private static List<FwknopdRow> gnupg(FwknopGnupg keys) throws Exception {
        List<FwknopdRow> rows = new ArrayList<>();
        List<Route.Carrier> carriers = List.of(Route.Carrier.values());
        for (FwknopdStanza stanza : FwknopdStanza.gnupg(keys)) {
            for (MessageType type : MessageType.values()) {
                rows.add(row(rows.size(), stanza, type, carriers.get(rows.size() % carriers.size())));
            }
        }
        return rows;
    }

    private static FwknopdRow row(int number, FwknopdStanza stanza, MessageType type, Route.Carrier carrier) {
        List<DigestType> digests = List.of(DigestType.values());
        return new FwknopdRow(number, stanza, digests.get(number % digests.size()), type, carrier);
    }

    @Test
    void everyModeHmacTypeAndCarrier_opensTheRealFwknopd() throws Exception {
        List<FwknopdRow> rows = rijndael();

        opens(rows, WAVE, Fwknopd.LIMIT);

        assertThat(rows).hasSize(41 * 7 * 4);
    }

    @Test
    void gnupgWithEveryHmacAndType_opensTheRealFwknopd() throws Exception {
        try (FwknopGnupg keys = new FwknopGnupg(folder, "rsa2048", "rsa2048")) {
            List<FwknopdRow> rows = gnupg(keys);

            opens(rows, 1, AGAIN);

            assertThat(rows).hasSize(8 * 7);
            assertThat(rows.stream().map(FwknopdRow::carrier).distinct()).hasSize(4);
        }
    }

    private void opens(List<FwknopdRow> rows, int size, Duration again) throws Exception {
        List<String> stanzas =
                rows.stream().map(row -> row.stanza().lines()).distinct().toList();
        try (Network network = Network.create();
                Fwknopd fwknopd = Fwknopd.start(network, folder, stanzas)) {
            warmUp(network, fwknopd, rows.getFirst().stanza());
            for (int first = 0; first < rows.size(); first += size) {
                wave(network, fwknopd, rows.subList(first, Math.min(first + size, rows.size())), again);
            }
        }
        print(rows);
    }

    /** Nothing says when it listens; so until it opens. */
    private void warmUp(Network network, Fwknopd fwknopd, FwknopdStanza stanza) {
        Await.until(() -> "fwknopd listens: " + fwknopd.log(), Fwknopd.LIMIT, fwknopd::isSniffing);
        int[] number = {2000};
        Await.until(() -> "fwknopd opens: " + fwknopd.log(), Fwknopd.LIMIT, () -> {
            FwknopdRow row =
                    new FwknopdRow(number[0]++, stanza, DigestType.SHA256, MessageType.ACCESS, Route.Carrier.UDP);
            send(network, List.of(row));
            Await.pause(Duration.ofMillis(200));
            return fwknopd.rules().contains("--dport 2201 ");
        });
        fwknopd.forget();
    }

    private void wave(Network network, Fwknopd fwknopd, List<FwknopdRow> rows, Duration again) {
        String server = network.wire().serverIpv4();
        long started = Instant.now().getEpochSecond();
        send(network, rows);
        long[] sent = {System.nanoTime()};
        String[] rules = {""};
        Await.until(
                () -> "fwknopd does what is asked for by " + missing(rows, rules[0], server) + ":\n" + fwknopd.log()
                        + rules[0],
                Fwknopd.LIMIT,
                () -> {
                    // Each look takes time from what is looked at.
                    Await.pause(Duration.ofMillis(50));
                    rules[0] = fwknopd.rules();
                    List<FwknopdRow> missing = missing(rows, rules[0], server);
                    if (!missing.isEmpty() && System.nanoTime() - sent[0] > again.toNanos()) {
                        System.out.println("fwknopd missed a packet; another one for " + missing);
                        send(network, missing);
                        sent[0] = System.nanoTime();
                    }
                    return missing.isEmpty();
                });
        assertThat(rows).allMatch(row -> row.endsInTime(rules[0], started));
        fwknopd.forget();
    }

    private List<FwknopdRow> missing(List<FwknopdRow> rows, String rules, String server) {
        return rows.stream().filter(row -> !row.isDone(rules, server, folder)).toList();
    }

    private void send(Network network, List<FwknopdRow> rows) {
        var _ = network.clients().inside(() -> {
            for (FwknopdRow row : rows) {
                send(row, network.wire().serverIpv4());
            }
            return true;
        });
    }

    private void send(FwknopdRow row, String server) throws Exception {
        Values values = row.values(server);
        Plan plan = new Plan(values, RANDOM);
        plan.check();
        Plan.Packet packet = plan.packet(
                Address.parse(row.address()).orElseThrow(),
                row.command(folder),
                "alice",
                row.stanza().secret(),
                InstantSource.system());
        assertThat(packet.message().type()).isEqualTo(row.type());
        Route route = plan.route(Optional.empty());
        new Delivery(FwknopClientTest::echo).send(route, InetAddress.ofLiteral(server), packet.text());
    }

    private static void echo(InetAddress target, byte[] payload) throws IOException {
        try (EchoLine line = EchoLine.to(target, (short) 1)) {
            line.send(payload);
        }
    }

    private static void print(List<FwknopdRow> rows) {
        Map<String, List<FwknopdRow>> byStanza = rows.stream()
                .collect(Collectors.groupingBy(row -> row.stanza().name(), TreeMap::new, Collectors.toList()));
        byStanza.forEach((stanza, some) -> System.out.printf(
                "%-20s %2d types, %d carriers, %d digests: %3d opened%n",
                stanza,
                some.stream().map(FwknopdRow::type).distinct().count(),
                some.stream().map(FwknopdRow::carrier).distinct().count(),
                some.stream().map(FwknopdRow::digest).distinct().count(),
                some.size()));
        System.out.println(rows.size() + " combinations of tirl's fwknop client opened fwknopd 2.6.10");
    }
}
