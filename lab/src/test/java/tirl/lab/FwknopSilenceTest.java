package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What strangers get to see at fwknop's ports, and what they can do to the daemon. */
@Tag("netns")
class FwknopSilenceTest {
    private static final int PORT = 62_201;
    private static final int FLOOD = 6_000;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    @TempDir
    private Path folder = Path.of("/nonexistent");

    @Test
    void nobodyGetsAnAnswer_andGarbageIsNotLogged() {
        FwknopFolder files = new FwknopFolder(folder);
        files.access(files.stanza("anna", "OPEN_PORTS tcp/22"));
        try (Site site = files.start();
                Wiretap fromServer = Wiretap.on(
                        site.network,
                        "cli0",
                        "(src host " + site.ipv4() + " or src host " + site.ipv6() + ") and (udp or icmp)")) {
            Client stranger = site.client();
            Client anna = site.client();
            byte[] used = files.packet(site, "anna", "-A", "tcp/22", "-a", "10.0.0.1");
            long before = site.tirl.log().lines().count();

            flood(site, stranger, used);
            files.send(site, anna, "anna", "-A", "tcp/22", "-a", anna.ipv4());
            site.assertOpens(anna, site.ipv4());

            // Two grants; replays are one line a second.
            assertThat(site.tirl.log().lines().count() - before)
                    .as("lines: " + site.tirl.log())
                    .isLessThan(20);
            String seen = site.network
                    .clients()
                    .ask("nmap", "-n", "-Pn", "-sU", "--max-retries", "1", "-p", "62201", site.ipv4());
            assertThat(seen).containsPattern("62201/udp +open\\|filtered");
            assertThat(fromServer.count()).isZero();
        }
    }

    /** A third noise, a third text that could be a packet, a third one packet over and over. */
    private static void flood(Site site, Client stranger, byte[] used) {
        Random random = new Random(26);
        stranger.namespace().inside(() -> {
            try (DatagramChannel channel = DatagramChannel.open()) {
                channel.bind(new InetSocketAddress(InetAddress.ofLiteral(stranger.ipv4()), 0));
                InetSocketAddress to = new InetSocketAddress(site.ipv4(), PORT);
                for (int i = 0; i < FLOOD; i++) {
                    byte[] payload = used;
                    if (i % 3 != 0) {
                        payload = new byte[100 + random.nextInt(1_300)];
                        random.nextBytes(payload);
                    }
                    for (int at = 0; i % 3 == 1 && at < payload.length; at++) {
                        payload[at] = (byte) ALPHABET.charAt(at == 0 ? 60 + random.nextInt(4) : payload[at] & 63);
                    }
                    channel.send(ByteBuffer.wrap(payload), to);
                }
                return true;
            }
        });
    }

    /** fwknopd's TCP server: it accepts, says nothing, and hangs up. Here it takes more than one at a time. */
    @Test
    void tcpServer_acceptsWithoutAWord_andKeepsNobodyOut() throws Exception {
        FwknopFolder files = new FwknopFolder(folder);
        files.conf("ENABLE_TCP_SERVER Y", "TCPSERV_PORT 8080", "PCAP_FILTER udp port 62201 or tcp port 8080")
                .access(files.stanza("anna", "OPEN_PORTS tcp/22"));
        try (Site site = files.start()) {
            Client stranger = site.client();
            Client anna = site.client();
            List<Socket> silent = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                silent.add(stranger.connect(site.ipv4(), 8080, Site.SOON));
            }
            anna.prefer();
            files.send(site, anna, "anna", "-P", "tcp", "-p", "8080", "-A", "tcp/22", "-a", anna.ipv4());
            site.assertOpens(anna, site.ipv4());
            for (Socket socket : silent) {
                assertHangsUp(socket);
            }

            files.conf();
            site.tirl.reload("reloaded");
            Await.until(
                    "nobody accepts there any more",
                    Site.SOON,
                    () -> stranger.reach(site.ipv4(), 8080, Site.PROBE) == Reach.REFUSED);
        }
    }

    private static void assertHangsUp(Socket socket) throws Exception {
        try (socket) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketTimeoutException stillOpen) {
            throw new AssertionError("the connection stays", stillOpen);
        }
    }

    /** Where a web server has the port already, it accepts the connections: packets are taken off the wire. */
    @Test
    void tcpServerAtATakenPort_isAWarning_andPacketsAreHeardAllTheSame() {
        FwknopFolder files = new FwknopFolder(folder);
        files.conf("ENABLE_TCP_SERVER Y", "TCPSERV_PORT 53", "ENABLE_SPA_OVER_HTTP Y", "PCAP_FILTER tcp port 53")
                .access(files.stanza("anna", "OPEN_PORTS tcp/22"));
        try (Site site = files.start()) {
            Client anna = site.client();
            assertThat(site.tirl.log()).contains("TCPSERV_PORT: no connections are accepted at port 53");

            files.send(site, anna, "anna", "-P", "http", "-p", "53", "-A", "tcp/22", "-a", anna.ipv4());

            site.assertOpens(anna, site.ipv4());
        }
    }
}
