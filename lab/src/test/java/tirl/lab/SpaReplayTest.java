package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody can do who records packets, and what strangers get to see. */
@Tag("netns")
class SpaReplayTest {
    private static final int[] LENGTHS = {144, 1232};

    private Site site;
    private Visitor anna;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() {
        site = Site.with(SpaDoors.CONFIG + Doors.door("plain", "tcp/7000 tcp/8000 tcp/9000"));
        anna = new Visitor(site.client());
        SpaDoors.enrol(site, anna, site.ipv4());
    }

    @AfterEach
    void stop() {
        anna.close();
        site.close();
    }

    @Test
    void recordedPacket_opensNothing_fromAnyAddress_alsoAfterAKill() {
        byte[] packet = openRecorded();
        Client thief = site.client();
        site.tirl.control("revoke", anna.client.ipv4()).orThrow();

        thief.datagram(site.ipv4(), SpaDoors.PORT, packet);
        anna.client.datagram(site.ipv4(), SpaDoors.PORT, packet);
        assertNobodyIsIn(thief);

        site.tirl.end("KILL");
        site.tirl.restart();
        thief.datagram(site.ipv4(), SpaDoors.PORT, packet);
        anna.client.datagram(site.ipv4(), SpaDoors.PORT, packet);
        assertNobodyIsIn(thief);
        anna.run("open", "gate", "--wait").orThrow();
    }

    @Test
    void restoredBackup_doesNotForgetWhatWasUsed() throws IOException {
        site.tirl.end("KILL");
        copy(site.tirl.state(), folder.resolve("backup"));
        site.tirl.restart();
        byte[] packet = openRecorded();
        site.tirl.control("revoke", anna.client.ipv4()).orThrow();
        site.tirl.end("KILL");
        copy(folder.resolve("backup"), site.tirl.state());
        site.tirl.restart();
        Client thief = site.client();

        thief.datagram(site.ipv4(), SpaDoors.PORT, packet);

        assertNobodyIsIn(thief);
        anna.run("open", "gate", "--wait").orThrow();
    }

    /** Garbage behind an overheard token must not keep the honest packet out. */
    @Test
    void garbageWithTheTokenBeforeTheHonestPacket_doesNotStopIt() {
        byte[] honest = heldBack();
        Random random = new Random(7);
        Client thief = site.client();
        for (int i = 0; i < 200; i++) {
            byte[] garbage = new byte[honest.length];
            random.nextBytes(garbage);
            System.arraycopy(honest, 0, garbage, 0, 8);
            thief.datagram(site.ipv4(), SpaDoors.PORT, garbage);
        }

        anna.client.datagram(site.ipv4(), SpaDoors.PORT, honest);

        site.assertOpens(anna.client, site.ipv4());
        site.assertShut(thief, site.ipv4());
    }

    @Test
    void nobodyGetsAnAnswer_notEvenTheDevice() {
        Client stranger = site.client();
        Random random = new Random(8);
        try (Wiretap fromServer = Wiretap.on(
                site.network,
                "cli0",
                "(src host " + site.ipv4() + " or src host " + site.ipv6() + ") and (udp or icmp)")) {
            for (int i = 0; i < 100; i++) {
                byte[] noise = new byte[i % 4 == 0 ? i : LENGTHS[i % 2]];
                random.nextBytes(noise);
                stranger.datagram(site.ipv4(), SpaDoors.PORT, noise);
                stranger.datagram(site.ipv6(), SpaDoors.PORT, noise);
            }
            anna.run("open", "gate").orThrow();
            site.assertOpens(anna.client, site.ipv4());
            String seen = site.network
                    .clients()
                    .ask("nmap", "-n", "-Pn", "-sU", "--max-retries", "1", "-p", "62201", site.ipv4());

            assertThat(seen).containsPattern("62201/udp +open\\|filtered");
            assertThat(fromServer.count()).isZero();
        }
    }

    private byte[] openRecorded() {
        try (Wiretap tap = Wiretap.on(site.network, "cli0", "udp dst port " + SpaDoors.PORT)) {
            anna.run("open", "gate").orThrow();
            site.assertOpens(anna.client, site.ipv4());
            return tap.payloads(1).getFirst();
        }
    }

    /** A packet of hers that went astray: the server has not seen it. */
    private byte[] heldBack() {
        Namespace clients = site.network.clients();
        clients.ip(
                "link add astray type veth peer name nowhere",
                "link set astray up",
                "link set nowhere up",
                "neigh add " + site.ipv4() + " lladdr 02:00:00:00:00:99 dev astray",
                "rule add priority 10 ipproto udp dport " + SpaDoors.PORT + " lookup 99",
                "route add default dev astray src " + anna.client.ipv4() + " table 99");
        try (Wiretap tap = Wiretap.on(site.network, "astray", "udp dst port " + SpaDoors.PORT)) {
            anna.run("open", "gate").orThrow();
            return tap.payloads(1).getFirst();
        } finally {
            clients.ip("rule del priority 10", "link del astray");
        }
    }

    private void assertNobodyIsIn(Client thief) {
        site.assertStaysShut(thief, site.ipv4());
        site.assertShut(anna.client, site.ipv4());
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> old = Files.list(to)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : List.copyOf(files.toList())) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
