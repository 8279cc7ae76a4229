package tirl.fwknop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import tirl.packet.Address;
import tirl.packet.Transport;

class RoundTripTest {
    private static final byte[] SALT = {8, 7, 6, 5, 4, 3, 2, 1};
    private static final Address ALICE = Address.ofIpv4(0xc000020a);
    private static final List<RequestedPort> PORTS =
            List.of(new RequestedPort(Transport.TCP, 22), new RequestedPort(Transport.UDP, 65_535));

    private static SpaMessage message(SpaRequest request, Optional<String> auth, DigestType digest) {
        return new SpaMessage("0123456789012345", "bob", 1_795_215_388, "3.0.0", request, auth, digest);
    }

    private static List<SpaRequest> requests() {
        List<SpaRequest> requests = new ArrayList<>();
        requests.add(new SpaRequest.Command(ALICE, "/bin/touch a,b  c"));
        for (Optional<NatTarget> target : List.of(
                Optional.<NatTarget>empty(),
                Optional.of(new NatTarget("inner.example.org", 443, false)),
                Optional.of(new NatTarget("127.0.0.1", 22, true)))) {
            for (OptionalInt timeout : List.of(OptionalInt.empty(), OptionalInt.of(0), OptionalInt.of(65_536))) {
                requests.add(new SpaRequest.Access(ALICE, PORTS, target, timeout));
            }
        }
        requests.add(new SpaRequest.Access(
                Address.parse("2001:db8::7").orElseThrow(), PORTS, Optional.empty(), OptionalInt.empty()));
        return requests;
    }

    private static OpenResult reopened(SpaMessage message, CipherKey key, Optional<HmacKey> hmac) {
        SealResult sealed = Envelope.seal(message, key, hmac, SALT);
        assertThat(sealed).as("%s", message).isInstanceOf(SealResult.Sealed.class);
        String text = ((SealResult.Sealed) sealed).text();
        return Envelope.open(text.getBytes(StandardCharsets.US_ASCII), key, hmac);
    }

    /** Modes x HMACs x digests x requests x server authentication: 6 x 8 x 7 x 11 x 2. */
    @Test
    void everyCombination_comesBack() {
        int count = 0;
        List<Optional<HmacKey>> hmacs = new ArrayList<>(List.of(Optional.<HmacKey>empty()));
        for (DigestType type : DigestType.values()) {
            hmacs.add(Optional.of(new HmacKey(Vector.hmacSecret(), type)));
        }
        for (EncryptionMode mode : EncryptionMode.values()) {
            CipherKey key = new CipherKey(Vector.KEY, mode);
            for (Optional<HmacKey> hmac : hmacs) {
                for (DigestType digest : DigestType.values()) {
                    for (SpaRequest request : requests()) {
                        for (Optional<String> auth : List.of(Optional.<String>empty(), Optional.of("crypt,x"))) {
                            SpaMessage message = message(request, auth, digest);
                            assertThat(reopened(message, key, hmac))
                                    .isInstanceOfSatisfying(
                                            OpenResult.Opened.class,
                                            opened ->
                                                    assertThat(opened.message()).isEqualTo(message));
                            count++;
                        }
                    }
                }
            }
        }
        assertThat(count).isEqualTo(6 * 8 * 7 * 11 * 2);
    }

    @Test
    void everyTextLength_isPaddedAndComesBack() {
        CipherKey key = new CipherKey(new byte[] {0}, EncryptionMode.OFB);
        for (int length = 1; length <= 48; length++) {
            SpaMessage message = new SpaMessage(
                    "0123456789012345",
                    "u".repeat(length),
                    0,
                    "x",
                    new SpaRequest.Access(ALICE, PORTS, Optional.empty(), OptionalInt.empty()),
                    Optional.empty(),
                    DigestType.MD5);

            assertThat(reopened(message, key, Optional.empty()))
                    .isInstanceOfSatisfying(
                            OpenResult.Opened.class,
                            opened -> assertThat(opened.message()).isEqualTo(message));
        }
    }

    @Test
    void replayDigest_isThatOfTheCiphertext_withTagAndWithout() {
        SpaMessage message = message(new SpaRequest.Command(ALICE, "id"), Optional.empty(), DigestType.SHA256);
        CipherKey key = new CipherKey(Vector.KEY, EncryptionMode.CBC);
        HmacKey hmac = new HmacKey(Vector.hmacSecret(), DigestType.SHA512);

        OpenResult bare = reopened(message, key, Optional.empty());
        OpenResult tagged = reopened(message, key, Optional.of(hmac));

        assertThat(bare).isEqualTo(tagged);
        SealResult other = Envelope.seal(message, key, Optional.empty(), new byte[8]);
        byte[] otherText = ((SealResult.Sealed) other).text().getBytes(StandardCharsets.US_ASCII);
        assertThat(Envelope.open(otherText, key, Optional.empty())).isNotEqualTo(bare);
    }

    @Test
    void seal_whatNoFwknopdTakes_saysWhy() {
        CipherKey key = new CipherKey(Vector.KEY, EncryptionMode.CBC);
        SpaRequest tooLong = new SpaRequest.Command(ALICE, "x".repeat(150));
        SpaMessage longUser = new SpaMessage(
                "0123456789012345",
                "u".repeat(49),
                0,
                "3.0.0",
                new SpaRequest.Command(ALICE, "id"),
                Optional.empty(),
                DigestType.SHA256);
        SpaMessage noTarget = message(
                new SpaRequest.Access(ALICE, PORTS, Optional.of(new NatTarget("a b", 1, true)), OptionalInt.empty()),
                Optional.empty(),
                DigestType.SHA256);

        assertThat(Envelope.seal(message(tooLong, Optional.empty(), DigestType.SHA256), key, Optional.empty(), SALT))
                .isEqualTo(new SealResult.Unsendable(
                        "longer than fwknopd takes: it has 427 characters encrypted, and may have 399"));
        assertThat(Envelope.seal(longUser, key, Optional.empty(), SALT))
                .isEqualTo(new SealResult.Unsendable(Refusal.USER.text()));
        assertThat(Envelope.seal(noTarget, key, Optional.empty(), SALT))
                .isEqualTo(new SealResult.Unsendable(Refusal.NAT.text()));
    }

    @Test
    void keys_sayNothingOfTheirSecret() {
        CipherKey key = new CipherKey("secret".getBytes(StandardCharsets.US_ASCII), EncryptionMode.CBC);
        HmacKey hmac = new HmacKey("secret".getBytes(StandardCharsets.US_ASCII), DigestType.SHA256);

        assertThat(key.toString()).isEqualTo("a key of 6 bytes, mode CBC");
        assertThat(hmac.toString()).isEqualTo("an HMAC key of 6 bytes, type sha256");
        assertThat(key.isSameSecret(hmac)).isTrue();
        assertThat(key)
                .isEqualTo(new CipherKey("secret".getBytes(StandardCharsets.US_ASCII), EncryptionMode.CBC))
                .isNotEqualTo(new CipherKey("secret".getBytes(StandardCharsets.US_ASCII), EncryptionMode.LEGACY));
        assertThat(hmac).isNotEqualTo(new HmacKey("secret".getBytes(StandardCharsets.US_ASCII), DigestType.SHA3_256));
    }
}
