package tirl.lab.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import tirl.fwknop.CipherKey;
import tirl.fwknop.DigestType;
import tirl.fwknop.EncryptionMode;
import tirl.fwknop.Envelope;
import tirl.fwknop.HmacKey;
import tirl.fwknop.RequestedPort;
import tirl.fwknop.SealResult;
import tirl.fwknop.SpaMessage;
import tirl.fwknop.SpaRequest;
import tirl.lab.LabException;
import tirl.packet.Address;
import tirl.packet.Transport;

/** Stanzas with keys of their own, the file that has them, and packets for it: AES-CBC and HMAC-SHA-256. */
final class FwknopKeys {
    static final int PORT = 62_201;

    private final Random random = new Random(Stage.SEED);
    private final List<Stanza> stanzas = new ArrayList<>();
    private final int seconds;

    private static final class Stanza {
        private final byte[] cipher;
        private final byte[] hmac;

        Stanza(byte[] cipher, byte[] hmac) {
            this.cipher = cipher;
            this.hmac = hmac;
        }
    }

    /** So many stanzas whose openings last so long. */
    FwknopKeys(int count, int seconds) {
        this.seconds = seconds;
        for (int i = 0; i < count; i++) {
            stanzas.add(new Stanza(bytes(32), bytes(64)));
        }
    }

    /** The text of access.conf. */
    String stanzas() {
        StringBuilder text = new StringBuilder();
        for (Stanza stanza : stanzas) {
            text.append("SOURCE ANY\nOPEN_PORTS tcp/22\nKEY_BASE64 ")
                    .append(base64(stanza.cipher))
                    .append("\nHMAC_KEY_BASE64 ")
                    .append(base64(stanza.hmac))
                    .append("\nFW_ACCESS_TIMEOUT ")
                    .append(seconds)
                    .append('\n');
        }
        return text.toString();
    }

    /** A fresh request by the last stanza, the one that is found last. */
    byte[] packet(String allow) {
        return packet(stanzas.getLast(), allow);
    }

    /** One under keys that no stanza has. */
    byte[] foreign(String allow) {
        return packet(new Stanza(bytes(32), bytes(64)), allow);
    }

    /** As long and of the same letters, but no packet. */
    byte[] garbage() {
        String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        byte[] garbage = new byte[packet("10.0.0.1").length];
        for (int i = 0; i < garbage.length; i++) {
            garbage[i] = (byte) letters.charAt(random.nextInt(letters.length()));
        }
        return garbage;
    }

    Knock knock() {
        return Knock.datagram(PORT, this::packet);
    }

    private byte[] packet(Stanza stanza, String allow) {
        return packet(
                new CipherKey(stanza.cipher, EncryptionMode.CBC),
                new HmacKey(stanza.hmac, DigestType.SHA256),
                allow,
                random);
    }

    /** A packet under any keys, made now. */
    static byte[] packet(CipherKey cipher, HmacKey hmac, String allow, Random random) {
        SpaMessage message = new SpaMessage(
                String.format(Locale.ROOT, "%016d", random.nextLong(10_000_000_000_000_000L)),
                "bench",
                System.currentTimeMillis() / 1_000,
                SpaMessage.CURRENT_VERSION,
                new SpaRequest.Access(
                        Address.parse(allow).orElseThrow(),
                        List.of(new RequestedPort(Transport.TCP, Probe.SERVICE)),
                        Optional.empty(),
                        OptionalInt.empty()),
                Optional.empty(),
                DigestType.SHA256);
        byte[] salt = new byte[Envelope.SALT];
        random.nextBytes(salt);
        return switch (Envelope.seal(message, cipher, Optional.of(hmac), salt)) {
            case SealResult.Sealed(String text) -> text.getBytes(StandardCharsets.US_ASCII);
            case SealResult.Unsendable(String why) -> throw new LabException("a packet of fwknop: " + why);
        };
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
