package tirl.fwknop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tirl.packet.Address;
import tirl.packet.Transport;

/** Strangers' packets and damaged ones: none opens, none throws. Every run sees the same ones. */
class HostilePacketsTest {
    private static final CipherKey KEY = new CipherKey(Vector.KEY, EncryptionMode.CBC);
    private static final byte[] SALT = {1, 2, 3, 4, 5, 6, 7, 8};
    private static final SpaMessage MESSAGE = new SpaMessage(
            "1234567890123456",
            "alice",
            1_795_215_388,
            SpaMessage.CURRENT_VERSION,
            new SpaRequest.Access(
                    Address.ofIpv4(0xc000020a),
                    List.of(new RequestedPort(Transport.TCP, 22)),
                    Optional.of(new NatTarget("10.0.0.5", 80, false)),
                    OptionalInt.of(60)),
            Optional.empty(),
            DigestType.SHA256);

    private static HmacKey mac(DigestType type) {
        return new HmacKey(Vector.hmacSecret(), type);
    }

    private static byte[] packet(CipherKey key, Optional<HmacKey> hmac) {
        SealResult sealed = Envelope.seal(MESSAGE, key, hmac, SALT);
        return ((SealResult.Sealed) sealed).text().getBytes(StandardCharsets.US_ASCII);
    }

    /** Every stanza that a server may have looks at it. */
    private static void nobodyOpens(byte[] payload) {
        for (EncryptionMode mode : EncryptionMode.values()) {
            CipherKey key = new CipherKey(Vector.KEY, mode);
            assertThat(Envelope.open(payload, key, Optional.empty())).isInstanceOf(OpenResult.Refused.class);
        }
        for (DigestType type : DigestType.values()) {
            assertThat(Envelope.open(payload, KEY, Optional.of(mac(type)))).isInstanceOf(OpenResult.Refused.class);
        }
        Candidate candidate = new Candidate();
        if (candidate.take(payload).isEmpty()) {
            candidate.openPgp(Optional.empty());
            assertThat(candidate.openPgp(Optional.of(mac(DigestType.SHA256)))).isEmpty();
        }
        HttpCarrier.read(payload);
        MessageCodec.decode(payload);
    }

    @ParameterizedTest
    @EnumSource(DigestType.class)
    void everyBitFlipped_underAnHmac_isRefused(DigestType type) {
        byte[] packet = packet(KEY, Optional.of(mac(type)));
        for (int bit = 0; bit < packet.length * 8; bit++) {
            byte[] damaged = packet.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(Envelope.open(damaged, KEY, Optional.of(mac(type))))
                    .as("bit %d", bit)
                    .isInstanceOf(OpenResult.Refused.class);
        }
    }

    /** Here only the inner digest and the one spelling of base64 stand between a flipped bit and a second packet. */
    @ParameterizedTest
    @EnumSource(EncryptionMode.class)
    void everyBitFlipped_withoutHmac_isRefused(EncryptionMode mode) {
        CipherKey key = new CipherKey(Vector.KEY, mode);
        byte[] packet = packet(key, Optional.empty());
        for (int bit = 0; bit < packet.length * 8; bit++) {
            byte[] damaged = packet.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(Envelope.open(damaged, key, Optional.empty()))
                    .as("bit %d", bit)
                    .isInstanceOf(OpenResult.Refused.class);
        }
    }

    @Test
    void everyTruncation_isRefused() {
        byte[] signed = packet(KEY, Optional.of(mac(DigestType.SHA256)));
        byte[] bare = packet(KEY, Optional.empty());
        for (int length = 0; length < signed.length; length++) {
            if (length != bare.length) { // without its tag it is a packet for a stanza that has the key and wants none
                nobodyOpens(Arrays.copyOf(signed, length));
            }
            nobodyOpens(Arrays.copyOfRange(signed, signed.length - length, signed.length));
        }
        for (int length = 0; length < bare.length; length++) {
            nobodyOpens(Arrays.copyOf(bare, length));
        }
    }

    @Test
    void everyLength_ofAnything_isRefused() {
        Random random = new Random(20);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int length = 0; length <= 1500; length++) {
            byte[] noise = new byte[length];
            random.nextBytes(noise);
            nobodyOpens(noise);
            byte[] text = new byte[length];
            for (int i = 0; i < length; i++) {
                text[i] = (byte) alphabet.charAt(random.nextInt(64));
            }
            nobodyOpens(text);
            if (length > 0) {
                text[0] = (byte) "89+/".charAt(random.nextInt(4));
                nobodyOpens(text);
            }
        }
    }

    @Test
    void everySecondSpelling_isRefused() {
        byte[] bare = packet(KEY, Optional.empty());
        String text = new String(bare, StandardCharsets.US_ASCII);
        List<String> spellings = new ArrayList<>(List.of(
                text + "=", text + "==", text + "\n", text + "\0", " " + text, text + "A", "U2FsdGVkX1" + text));
        for (char last = 0; last < 256; last++) {
            if (last != text.charAt(text.length() - 1)) {
                spellings.add(text.substring(0, text.length() - 1) + last);
            }
        }
        for (String spelling : spellings) {
            assertThat(Envelope.open(spelling.getBytes(StandardCharsets.ISO_8859_1), KEY, Optional.empty()))
                    .as(spelling)
                    .isInstanceOf(OpenResult.Refused.class);
        }
    }

    /** Somebody who has the keys: well-formed packets around malformed fields. */
    @ParameterizedTest
    @ValueSource(
            strings = {"\0", "\n", "\r", "é", ":", "", "99999999999999999999", "-1", "%s", "a=b", " ", "=", "\u007f"})
    void everyField_withSomethingElse_isRefusedOrReadAsItWasWritten(String odd) {
        String[] fields = new String(MessageCodec.encode(MESSAGE), StandardCharsets.US_ASCII).split(":", -1);
        for (int field = 0; field < fields.length - 1; field++) {
            for (int place = 0; place < 4; place++) {
                String[] changed = fields.clone();
                boolean isBase64 = field == 1 || field == 5 || field == 6;
                String plain = isBase64
                        ? new String(Base64Text.decode(fields[field]).orElseThrow(), StandardCharsets.US_ASCII)
                        : fields[field];
                String odder = switch (place) {
                    case 0 -> odd;
                    case 1 -> odd + plain;
                    case 2 -> plain + odd;
                    default -> plain.substring(0, plain.length() / 2) + odd + plain.substring(plain.length() / 2);
                };
                changed[field] = isBase64 ? Base64Text.encode(odder.getBytes(StandardCharsets.ISO_8859_1)) : odder;
                byte[] covered = String.join(":", Arrays.copyOf(changed, fields.length - 1))
                        .getBytes(StandardCharsets.ISO_8859_1);
                byte[] plaintext = (new String(covered, StandardCharsets.ISO_8859_1)
                                + ":"
                                + DigestType.SHA256.digest(covered, covered.length))
                        .getBytes(StandardCharsets.ISO_8859_1);

                MessageResult result = MessageCodec.decode(plaintext);

                if (result instanceof MessageResult.Decoded(SpaMessage message)) {
                    assertThat(MessageCodec.encode(message)).isEqualTo(plaintext);
                }
                if ("\0\n\r\u007fé".contains(odd) && !odd.isEmpty()) {
                    assertThat(result).isInstanceOf(MessageResult.Refused.class);
                }
            }
        }
    }

    @Test
    void textsOfASeededGenerator_neverThrow() {
        Random random = new Random(6);
        byte[] good = MessageCodec.encode(MESSAGE);
        for (int round = 0; round < 50_000; round++) {
            byte[] text = good.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                text[random.nextInt(text.length)] = (byte) random.nextInt(128);
            }
            byte[] cut = Arrays.copyOf(text, random.nextInt(text.length + 1));
            assertThat(MessageCodec.decode(text).equals(new MessageResult.Decoded(MESSAGE)))
                    .isEqualTo(Arrays.equals(text, good));
            assertThat(MessageCodec.decode(cut).equals(new MessageResult.Decoded(MESSAGE)))
                    .isEqualTo(Arrays.equals(cut, good));
        }
    }
}
