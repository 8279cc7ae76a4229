package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packets of the real fwknop client that somebody recorded and sends once more. */
@Tag("netns")
class FwknopReplayTest {
    private static final int PORT = 62_201;
    private static final String USED = "denied: this packet was used before";

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private FwknopFolder files;

    @BeforeEach
    void write() {
        files = new FwknopFolder(folder);
        // The second stanza asks for no HMAC: there only one spelling of base64 makes a packet what it is.
        String bare = files.stanza("bare", "OPEN_PORTS tcp/22")
                .lines()
                .filter(line -> !line.startsWith("HMAC"))
                .reduce("", (all, line) -> all + line + "\n");
        files.access(files.stanza("tagged", "OPEN_PORTS tcp/22"), bare);
    }

    @Test
    void recordedPacket_opensNothing_fromAnyAddress_alsoAfterAKill() {
        try (Site site = files.start()) {
            Client anna = site.client();
            Client thief = site.client();
            byte[] packet = opened(site, anna);

            assertUsed(site, anna, packet);
            assertUsed(site, thief, packet);
            site.tirl.end("KILL");
            site.tirl.restart();
            assertUsed(site, thief, packet);
            assertUsed(site, anna, packet);
        }
    }

    /** What fwknopd 2.6.10 takes again: the same octets in another spelling. */
    @Test
    void respelledPacket_opensNothing() {
        try (Site site = files.start()) {
            Client anna = site.client();
            byte[] packet = bare(site);
            anna.datagram(site.ipv4(), PORT, packet);
            site.assertOpens(anna, site.ipv4());
            site.tirl.control("revoke", anna.ipv4()).orThrow();

            String text = new String(packet, StandardCharsets.US_ASCII);
            for (String spelling : List.of(text + "=", text + "==", text + "\n", text + "\0")) {
                anna.datagram(site.ipv4(), PORT, spelling.getBytes(StandardCharsets.US_ASCII));
            }
            String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
            for (int at = 0; at < alphabet.length(); at++) {
                String other = text.substring(0, text.length() - 1) + alphabet.charAt(at);
                anna.datagram(site.ipv4(), PORT, other.getBytes(StandardCharsets.US_ASCII));
            }
            assertUsed(site, anna, packet);
        }
    }

    @Test
    void movedStore_remembers_onAnotherHost() throws IOException {
        byte[] packet;
        try (Site old = files.start()) {
            packet = opened(old, old.client());
            old.tirl.end("KILL");
            copy(old.tirl.state(), folder.resolve("moved"));
        }
        try (Site site = Site.with("state = \"" + folder.resolve("moved") + "\"\n" + files.toml())) {
            Client anna = site.client();
            assertUsed(site, anna, packet);
            // What was made in the second of the start may be the killed daemon's, for all that anybody knows.
            long now = Instant.now().getEpochSecond();
            Await.until(
                    "the next second", FwknopFolder.SOON, () -> Instant.now().getEpochSecond() > now);
            assertThat(opened(site, anna)).isNotEqualTo(packet);
        }
    }

    @Test
    void packetThatTheRealFwknopdTook_opensNothing() {
        byte[] packet;
        try (Site site = files.start()) {
            packet = files.packet(site, "tagged", "-A", "tcp/22", "-a", "10.77.77.10");
        }
        try (Network network = Network.create()) {
            Client anna = network.client();
            Path run = folder.resolve("run");
            try (Background fwknopd = network.server()
                    .start(
                            "fwknopd",
                            "-f",
                            "-U",
                            "-c",
                            folder.resolve("fwknopd.conf").toString(),
                            "-a",
                            folder.resolve("access.conf").toString(),
                            "-r",
                            run.toString())) {
                Await.until(
                        () -> "fwknopd listens: " + fwknopd.out() + fwknopd.err(),
                        FwknopFolder.SOON,
                        () -> network.server().ask("ss", "-lun").contains(":" + PORT));
                anna.datagram(network.wire().serverIpv4(), PORT, packet);
                Await.until(
                        () -> "fwknopd opens: " + fwknopd.out() + fwknopd.err(),
                        FwknopFolder.SOON,
                        () -> network.server().ask("iptables-save").contains("-s 10.77.77.10/32 -p tcp"));
            }
        }
        assertThat(files.read("run/digest.cache")).contains(" 17 ");
        files.conf("DIGEST_FILE " + folder.resolve("run/digest.cache"));
        try (Site site = files.start()) {
            Client anna = site.client();
            assertThat(anna.ipv4()).isEqualTo("10.77.77.10");
            assertUsed(site, anna, packet);
            opened(site, anna);
        }
    }

    /** A packet that opened, and is shut again. */
    private byte[] opened(Site site, Client client) {
        byte[] packet = files.packet(site, "tagged", "-A", "tcp/22", "-a", client.ipv4());
        client.datagram(site.ipv4(), PORT, packet);
        site.assertOpens(client, site.ipv4());
        site.tirl.control("revoke", client.ipv4()).orThrow();
        site.assertShut(client, site.ipv4());
        return packet;
    }

    private byte[] bare(Site site) {
        byte[] tagged = files.packet(site, "bare", "-A", "tcp/22", "-s");
        // The tag of SHA-256 is the last 43 characters.
        return Arrays.copyOf(tagged, tagged.length - 43);
    }

    /** It is told as used, and opens nothing for whom it names or who sent it. */
    private void assertUsed(Site site, Client sender, byte[] packet) {
        long before = replays(site);
        sender.datagram(site.ipv4(), PORT, packet);
        Await.until(
                () -> "a replay is counted; the log:\n" + site.tirl.log(),
                FwknopFolder.SOON,
                () -> replays(site) == before + 1);
        assertThat(site.tirl.log()).contains(USED);
        site.assertShut(sender, site.ipv4());
        assertThat(KernelLease.of(site.network.server())).isEmpty();
    }

    private static long replays(Site site) {
        Map<String, Object> status =
                Json.object(site.tirl.control("status", "--json").orThrow().out());
        Map<?, ?> fwknop = (Map<?, ?>) Objects.requireNonNull(status.get("fwknop"));
        return ((Number) Objects.requireNonNull(fwknop.get("replays"))).longValue();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> all = Files.list(from)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
