package tirl.fwknop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tirl.packet.Address;
import tirl.packet.Transport;

/**
 * One input of a fuzzer in every role: what a stranger sends, a packet that was damaged on the way, and what somebody says who has
 * the keys. Throws when something opens that must not, when a reader throws, or when a secret is told.
 */
public final class FuzzTarget {
    private static final byte[] SALT = {8, 7, 6, 5, 4, 3, 2, 1};
    private static final SpaMessage MESSAGE = new SpaMessage(
            "6543210987654321",
            "anna",
            1_795_215_388,
            SpaMessage.CURRENT_VERSION,
            new SpaRequest.Access(
                    Address.ofIpv4(0xc000020a),
                    List.of(new RequestedPort(Transport.TCP, 22), new RequestedPort(Transport.UDP, 53)),
                    Optional.of(new NatTarget("10.0.0.5", 80, false)),
                    OptionalInt.of(60)),
            Optional.empty(),
            DigestType.SHA256);

    private static final FuzzTarget SHARED = new FuzzTarget();

    private final Map<EncryptionMode, CipherKey> keys = new EnumMap<>(EncryptionMode.class);
    private final Map<DigestType, HmacKey> hmacs = new EnumMap<>(DigestType.class);
    private final Candidate candidate = new Candidate();
    private final byte[] packet;
    private final byte[] bare;

    /** With keys of its own. */
    public FuzzTarget() {
        for (EncryptionMode mode : EncryptionMode.values()) {
            keys.put(mode, new CipherKey(Vector.KEY, mode));
        }
        for (DigestType type : DigestType.values()) {
            hmacs.put(type, new HmacKey(Vector.hmacSecret(), type));
        }
        packet = sealed(Optional.of(hmac(DigestType.SHA256)));
        bare = sealed(Optional.empty());
    }

    private byte[] sealed(Optional<HmacKey> hmac) {
        SealResult result = Envelope.seal(MESSAGE, cbc(), hmac, SALT);
        return ((SealResult.Sealed) result).text().getBytes(StandardCharsets.US_ASCII);
    }

    private CipherKey cbc() {
        return Optional.ofNullable(keys.get(EncryptionMode.CBC)).orElseThrow();
    }

    private HmacKey hmac(DigestType type) {
        return Optional.ofNullable(hmacs.get(type)).orElseThrow();
    }

    /** Where Jazzer begins: {@code lab/fuzz.sh}. */
    public static void fuzzerTestOneInput(byte[] input) {
        SHARED.take(input);
    }

    /** Any octets. */
    public void take(byte[] input) {
        strangers(input);
        damaged(input);
        insiders(input);
    }

    private void strangers(byte[] input) {
        opensNothing(input);
        // What looks like a packet, whatever the input is.
        byte[] text = Base64Text.encode(input).getBytes(StandardCharsets.US_ASCII);
        if (text.length > 0) {
            text[0] = (byte) "89+/".charAt(text[0] & 3);
        }
        opensNothing(text);
        byte[] request = ("GET /" + new String(text, StandardCharsets.US_ASCII) + " HTTP/1.1\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(request, request.length + input.length);
        System.arraycopy(input, 0, whole, request.length, input.length);
        HttpCarrier.read(whole).ifPresent(read -> opensNothing(read.payload()));
        HttpCarrier.read(input).ifPresent(read -> opensNothing(read.payload()));
    }

    private void opensNothing(byte[] payload) {
        if (Arrays.equals(payload, packet)
                || Arrays.equals(payload, bare)
                || candidate.take(payload).isPresent()) {
            return;
        }
        for (DigestType type : DigestType.values()) {
            assertThat(candidate.isTagged(hmac(type)))
                    .as("%s of a stranger", type)
                    .isFalse();
            assertThat(candidate.openPgp(Optional.of(hmac(type)))).isEmpty();
        }
        candidate.openPgp(Optional.empty());
        if (candidate.fits(0)) {
            for (CipherKey key : keys.values()) {
                candidate
                        .ciphertext(0)
                        .ifPresent(ciphertext ->
                                assertThat(ciphertext.open(key)).isInstanceOf(MessageResult.Refused.class));
            }
        }
    }

    /** Octets of the input say where, how, and what is put in there. */
    private void damaged(byte[] input) {
        damaged(packet, Optional.of(hmac(DigestType.SHA256)), input);
        damaged(bare, Optional.empty(), input);
    }

    private void damaged(byte[] good, Optional<HmacKey> hmac, byte[] input) {
        byte[] bad = good.clone();
        for (int i = 0; i + 2 < input.length; i += 3) {
            int at = ((input[i] & 0xff) << 8 | (input[i + 1] & 0xff)) % bad.length;
            bad[at] ^= input[i + 2];
        }
        if (input.length > 0 && input[0] < 0) {
            bad = Arrays.copyOf(bad, (input[0] & 0x7f) * bad.length / 127);
        }
        OpenResult result = Envelope.open(bad, cbc(), hmac);
        assertThat(result instanceof OpenResult.Opened)
                .as("a damaged packet opens: %s", new String(bad, StandardCharsets.ISO_8859_1))
                .isEqualTo(Arrays.equals(bad, good));
        tellsNoSecret(result);
    }

    /** The input as a whole message, and as each field of a right one; under the right digest and keys. */
    private void insiders(byte[] input) {
        decoded(input);
        String odd = new String(input, StandardCharsets.ISO_8859_1);
        List<String> fields =
                List.of(new String(MessageCodec.encode(MESSAGE), StandardCharsets.US_ASCII).split(":", -1));
        for (int field = 0; field < fields.size() - 1; field++) {
            List<String> changed = new ArrayList<>(fields.subList(0, fields.size() - 1));
            changed.set(field, odd);
            digested(changed);
            changed.set(field, Base64Text.encode(input));
            digested(changed);
        }
    }

    private void digested(List<String> fields) {
        byte[] covered = String.join(":", fields).getBytes(StandardCharsets.ISO_8859_1);
        for (DigestType type : List.of(DigestType.MD5, DigestType.SHA256)) {
            byte[] digest = (":" + type.digest(covered, covered.length)).getBytes(StandardCharsets.US_ASCII);
            byte[] plain = Arrays.copyOf(covered, covered.length + digest.length);
            System.arraycopy(digest, 0, plain, covered.length, digest.length);
            decoded(plain);
        }
    }

    /** What is read is read the same again, and has nothing in it that ends a line of a log. Numbers may have zeros before them. */
    private void decoded(byte[] plain) {
        MessageResult result = MessageCodec.decode(plain);
        if (result instanceof MessageResult.Decoded(SpaMessage message)) {
            assertThat(MessageCodec.decode(MessageCodec.encode(message))).isEqualTo(result);
            assertThat(message.toString().chars()).allMatch(c -> c >= ' ' && c <= '~');
        }
        tellsNoSecret(result);
        if (plain.length > 0 && plain.length < 900) {
            opened(plain, result);
        }
    }

    /** A whole packet around it gives the same as it does. */
    private void opened(byte[] plain, MessageResult expected) {
        byte[] text = Base64Text.encode(cbc().seal(plain, SALT)).getBytes(StandardCharsets.US_ASCII);
        String tag = new String(hmac(DigestType.MD5).tag(text, text.length), StandardCharsets.US_ASCII);
        byte[] payload = (new String(text, StandardCharsets.US_ASCII) + tag)
                .substring(Candidate.SALTED_HEAD.length())
                .getBytes(StandardCharsets.US_ASCII);
        OpenResult result = Envelope.open(payload, cbc(), Optional.of(hmac(DigestType.MD5)));
        if (result instanceof OpenResult.Opened(SpaMessage message, var _)) {
            assertThat(expected).isEqualTo(new MessageResult.Decoded(message));
        } else if (payload.length >= Candidate.SHORTEST && payload.length <= Candidate.LONGEST) {
            assertThat(expected).isInstanceOf(MessageResult.Refused.class);
        }
        tellsNoSecret(result);
    }

    private static void tellsNoSecret(Object result) {
        assertThat(result.toString()).doesNotContain(new String(Vector.KEY, StandardCharsets.US_ASCII));
    }
}
