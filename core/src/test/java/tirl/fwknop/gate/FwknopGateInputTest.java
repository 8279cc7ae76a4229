package tirl.fwknop.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static tirl.fwknop.gate.Gates.ALICE;
import static tirl.fwknop.gate.Gates.BOB;
import static tirl.fwknop.gate.Gates.SSH;
import static tirl.fwknop.gate.Gates.decide;
import static tirl.fwknop.gate.Gates.granted;
import static tirl.fwknop.gate.Gates.port;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tirl.fwknop.HttpCarrier;
import tirl.packet.Address;
import tirl.spa.gate.ThreadMeter;

/** What comes in that nobody should obey, and the ways that packets come by. */
class FwknopGateInputTest {
    @Test
    void strangers_areIgnored() {
        FwknopGate gate = Gates.of("", Gates.stanza(ALICE.key()));

        assertThat(decide(gate, BOB.send(SSH))).isEqualTo(new Decision.Ignored(Dismissal.KEYS));
        assertThat(decide(gate, new Sender(ALICE.key(), Optional.empty()).send(SSH)))
                .isEqualTo(new Decision.Ignored(Dismissal.KEYS));
        assertThat(decide(gate, new byte[0])).isEqualTo(new Decision.Ignored(Dismissal.NO_PACKET));
        assertThat(decide(gate, new byte[200])).isEqualTo(new Decision.Ignored(Dismissal.NO_PACKET));
        assertThat(decide(gate, Gates.bytes("GET /" + "a".repeat(200))))
                .isEqualTo(new Decision.Ignored(Dismissal.NO_HTTP));
    }

    /** The same ciphertext with and without its tag, in another carrier, in another spelling: one packet. */
    @Test
    void replays_haveTheSameIdentity() {
        String both = Gates.stanza(ALICE.key()) + "SOURCE ANY\nKEY " + ALICE.key() + "\n";
        FwknopGate gate = Gates.of("ENABLE_SPA_OVER_HTTP Y", both);
        byte[] packet = ALICE.send(SSH);
        String text = new String(packet, StandardCharsets.US_ASCII);
        Decision.Identity first = ((Decision.Granted) decide(gate, packet)).identity();

        Decision.Identity tagless =
                ((Decision.Granted) decide(gate, Gates.bytes(text.substring(0, text.length() - 43)))).identity();
        Decision.Identity web = ((Decision.Granted)
                        decide(gate, Gates.bytes(HttpCarrier.write(text, "host", Optional.empty(), "Fwknop/2"))))
                .identity();

        assertThat(tagless.digests()).contains(first.digests().getFirst());
        assertThat(web).isEqualTo(first);
        assertThat(decide(gate, Gates.bytes(text.substring(0, text.length() - 43) + "=")))
                .isInstanceOf(Decision.Ignored.class);
        assertThat(((Decision.Denied) decide(gate, ALICE.send(SSH, "alice", 7)))
                        .identity()
                        .digests())
                .hasSize(2);
    }

    @Test
    void http_isTakenFromFwknopWhenEnabled() {
        String packet = new String(ALICE.send(Sender.access(Sender.ANYBODY, "tcp/22")), StandardCharsets.US_ASCII);
        String stanza = Gates.stanza(ALICE.key());
        byte[] fwknops = Gates.bytes(HttpCarrier.write(packet, "host", Optional.empty(), "Fwknop/2.6.10"));
        byte[] curls = Gates.bytes(HttpCarrier.write(packet, "host", Optional.empty(), "curl"));

        assertThat(decide(Gates.of("", stanza), fwknops)).isEqualTo(new Decision.Ignored(Dismissal.NO_HTTP));
        assertThat(granted(decide(Gates.of("ENABLE_SPA_OVER_HTTP Y", stanza), fwknops)))
                .isInstanceOf(Action.Open.class);
        assertThat(decide(Gates.of("ENABLE_SPA_OVER_HTTP Y", stanza), curls))
                .isEqualTo(new Decision.Ignored(Dismissal.AGENT));
        assertThat(granted(decide(Gates.of("ENABLE_SPA_OVER_HTTP Y\nALLOW_ANY_USER_AGENT Y", stanza), curls)))
                .isInstanceOf(Action.Open.class);
    }

    /** fwknopd believes whoever sends the header, and takes the first address in it. */
    @Test
    void forwardedFor_isBelievedFromThisHostOnly() {
        String packet = new String(ALICE.send(Sender.access(Sender.ANYBODY, "tcp/22")), StandardCharsets.US_ASCII);
        byte[] request = Gates.bytes(HttpCarrier.write(packet, "host", Optional.empty(), "Fwknop")
                .replace("Accept: */*", "X-Forwarded-For: 203.0.113.66, 203.0.113.7"));
        FwknopGate gate = Gates.of("ENABLE_SPA_OVER_HTTP Y\nENABLE_X_FORWARDED_FOR Y", Gates.stanza(ALICE.key()));
        Address seen = Address.parse("203.0.113.7").orElseThrow();

        assertThat(granted(decide(gate, request)))
                .isEqualTo(new Action.Open(Sender.CLIENT, List.of(port("tcp/22")), 30));
        assertThat(granted(gate.decide(request, Address.ofIpv4(0x7f000001), Sender.SERVER, Sender.NOW)))
                .isEqualTo(new Action.Open(seen, List.of(port("tcp/22")), 30));
    }

    /** A real client's message to a GnuPG stanza; decrypting is behind the port. */
    @ParameterizedTest
    @ValueSource(strings = {"gpg-rsa-plain.txt", "gpg-rsa-hmac.txt", "gpg-ecc-plain.txt", "gpg-ecc-hmac.txt"})
    void gpgMessage_isDecryptedByItsStanza(String name) throws IOException {
        List<String> vector = Files.readAllLines(Path.of("..", "testdata", "vectors", "fwknop", name));
        String plain = value(vector, "plain");
        String stanza = "SOURCE ANY\nGPG_DECRYPT_ID 81566C0B\nGPG_ALLOW_NO_PW Y\nGPG_REMOTE_ID 81566C0B\n"
                + (value(vector, "hmac").isEmpty()
                        ? ""
                        : "HMAC_KEY_BASE64 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0"
                                + "+Pw==\n");
        OpenPgp ring = (message, gpg) -> Optional.of(plain.getBytes(StandardCharsets.US_ASCII));
        byte[] packet = Gates.bytes(value(vector, "packet"));
        long time = Long.parseLong(plain.split(":", 4)[2]);
        String access = Gates.stanza(BOB.key()) + stanza;

        assertThat(granted(Gates.of("", access, Optional.of(ring)).decide(packet, Sender.CLIENT, Sender.SERVER, time)))
                .isEqualTo(new Action.Open(Sender.CLIENT, List.of(port("tcp/22")), 30));
        assertThat(Gates.of("", access).decide(packet, Sender.CLIENT, Sender.SERVER, time))
                .isEqualTo(new Decision.Ignored(Dismissal.KEYS));
        assertThat(Gates.of("", access, Optional.of((_, _) -> Optional.empty()))
                        .decide(packet, Sender.CLIENT, Sender.SERVER, time))
                .isEqualTo(new Decision.Ignored(Dismissal.KEYS));
    }

    /** Decrypting with a private key is what an attacker would like us to do often. */
    @Test
    void gpgMessage_isDecryptedOnceForStanzasWithTheSameKey() throws IOException {
        List<String> vector = Files.readAllLines(Path.of("..", "testdata", "vectors", "fwknop", "gpg-rsa-plain.txt"));
        AtomicInteger decryptions = new AtomicInteger();
        OpenPgp ring = (_, gpg) -> {
            assertThat(new String(gpg.passphrase().orElseThrow().octets(), StandardCharsets.US_ASCII))
                    .isEqualTo("p w");
            decryptions.incrementAndGet();
            return Optional.empty();
        };
        String stanza = "SOURCE ANY\nGPG_DECRYPT_ID 81566C0B\nGPG_DECRYPT_PW p w\nGPG_REMOTE_ID 81566C0B\n";
        FwknopGate gate = Gates.of("", stanza.repeat(5), Optional.of(ring));

        assertThat(decide(gate, Gates.bytes(value(vector, "packet")))).isEqualTo(new Decision.Ignored(Dismissal.KEYS));
        assertThat(decryptions).hasValue(1);
    }

    private static String value(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void hostilePayloads_areIgnored() {
        FwknopGate gate = Gates.of("ENABLE_SPA_OVER_HTTP Y", Gates.stanza(ALICE.key()) + Gates.stanza(BOB.key()));
        byte[] packet = ALICE.send(SSH);
        Random random = new Random(19);
        for (int round = 0; round < 3000; round++) {
            byte[] damaged = packet.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            byte[] noise = new byte[random.nextInt(1600)];
            random.nextBytes(noise);
            byte[] web = Gates.bytes("GET /" + new String(noise, StandardCharsets.ISO_8859_1));

            assertThat(decide(gate, damaged)).isInstanceOf(Decision.Ignored.class);
            assertThat(decide(gate, noise)).isInstanceOf(Decision.Ignored.class);
            assertThat(decide(gate, web)).isInstanceOf(Decision.Ignored.class);
        }
    }

    /** One HMAC however many stanzas share the key, and next to nothing for the collector. */
    @Test
    void garbage_costsOneHmacForAThousandStanzas() {
        FwknopGate gate = Gates.of("", Gates.stanza(ALICE.key()).repeat(1000));
        byte[] packet = ALICE.send(SSH);
        packet[150] = (byte) (packet[150] == 'A' ? 'B' : 'A');

        long allocated = new ThreadMeter().allocated(() -> decide(gate, packet));

        assertThat(allocated).isLessThan(2000);
        assertThat(gate.count(Dismissal.KEYS)).isEqualTo(5);
    }
}
