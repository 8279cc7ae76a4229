package tirl.fwknop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** testdata/vectors/fwknop, in both directions. */
class FwknopVectorsTest {
    static List<Vector> files() throws IOException {
        return Stream.of("client-", "crafted-", "document-")
                .flatMap(prefix -> {
                    try {
                        return Vector.files(prefix).stream();
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    static List<Vector> gpg() throws IOException {
        return Vector.files("gpg-");
    }

    @ParameterizedTest
    @MethodSource("files")
    void packet_endsWhereTheVectorSays(Vector vector) {
        String expected = vector.text("outcome");

        OpenResult result = Envelope.open(vector.packet(), vector.key(), vector.hmac());

        switch (result) {
            case OpenResult.Refused(Refusal reason) ->
                assertThat(reason.name().toLowerCase(Locale.ROOT)).isEqualTo(expected);
            case OpenResult.Opened(SpaMessage message, ReplayDigest _) -> {
                assertThat(expected).startsWith("opened");
                assertThat(new String(MessageCodec.encode(message), StandardCharsets.US_ASCII))
                        .isEqualTo(vector.text("plain"));
                SealResult again = Envelope.seal(message, vector.key(), vector.hmac(), vector.salt());
                assertThat(again.equals(new SealResult.Sealed(vector.text("packet"))))
                        .as("made again: %s", again)
                        .isEqualTo(expected.equals("opened"));
            }
        }
    }

    /** What the real client sends is what ours sends, for every mode, HMAC and digest. */
    @Test
    void clientsMatrix_isOpenedAndMadeAgain() throws IOException {
        List<Vector> matrix = Vector.matrix();
        for (Vector vector : matrix) {
            OpenResult result = Envelope.open(vector.packet(), vector.key(), vector.hmac());

            assertThat(result).as(vector.name()).isInstanceOf(OpenResult.Opened.class);
            SpaMessage message = ((OpenResult.Opened) result).message();
            assertThat(new String(MessageCodec.encode(message), StandardCharsets.US_ASCII))
                    .isEqualTo(vector.text("plain"));
            assertThat(message.digest().text()).isEqualTo(vector.text("digest"));
            assertThat(Envelope.seal(message, vector.key(), vector.hmac(), vector.salt()))
                    .as(vector.name())
                    .isEqualTo(new SealResult.Sealed(vector.text("packet")));
        }
        assertThat(matrix).hasSizeGreaterThanOrEqualTo(533);
        assertThat(matrix.stream().map(vector -> vector.text("mode")).distinct())
                .hasSize(6);
        assertThat(matrix.stream().map(vector -> vector.text("hmac")).distinct())
                .hasSize(8);
        assertThat(matrix.stream().map(vector -> vector.text("digest")).distinct())
                .hasSize(7);
    }

    @Test
    void thereIsAVectorForEveryRefusalOfADatagram() throws IOException {
        List<String> outcomes = files().stream()
                .map(vector -> vector.text("outcome"))
                .distinct()
                .toList();

        assertThat(Stream.of(Refusal.values())
                        .filter(refusal -> refusal != Refusal.HTTP)
                        .map(refusal -> refusal.name().toLowerCase(Locale.ROOT)))
                .isSubsetOf(outcomes);
    }

    @Test
    void documentsVector_hasTheDocumentsBytes() throws IOException {
        Vector vector = Vector.files("document-").getFirst();
        Candidate candidate = new Candidate();
        assertThat(candidate.take(vector.packet())).isEmpty();

        byte[] container = vector.key().seal(vector.text("plain").getBytes(StandardCharsets.US_ASCII), vector.salt());

        assertThat(HexFormat.of().formatHex(vector.salt())).isEqualTo(vector.text("salt"));
        assertThat(HexFormat.of().formatHex(container, CipherKey.PREFIX, container.length))
                .isEqualTo(vector.text("encrypted"));
        assertThat(candidate.cacheName().text()).isEqualTo(vector.text("cache-name"));
    }

    /** fwknopd itself cannot take those to an elliptic-curve key: it always puts back hQ. */
    @ParameterizedTest
    @MethodSource("gpg")
    void openPgpMessage_isFoundWithItsHead(Vector vector) {
        Candidate candidate = new Candidate();
        assertThat(candidate.take(vector.packet())).isEmpty();

        Optional<OpenPgpMessage> message = candidate.openPgp(vector.hmac());

        assertThat(message).isPresent();
        assertThat(HexFormat.of()
                        .formatHex(Hashes.hash(
                                "SHA-256", message.get().bytes(), message.get().bytes().length)))
                .isEqualTo(vector.text("message-sha256"));
        assertThat(MessageCodec.decode(vector.text("plain").getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(MessageResult.Decoded.class);
        assertThat(Envelope.open(vector.packet(), new CipherKey(Vector.KEY, EncryptionMode.CBC), vector.hmac()))
                .isInstanceOf(OpenResult.Refused.class);
    }

    @ParameterizedTest
    @MethodSource("gpg")
    void openPgpMessage_damagedOrUnderAnotherHmac_isNone(Vector vector) {
        Candidate candidate = new Candidate();
        byte[] packet = vector.packet();
        packet[packet.length / 2] ^= 1;
        boolean signed = vector.hmac().isPresent();

        assertThat(candidate.take(packet)).isEmpty();
        assertThat(candidate.openPgp(vector.hmac()).isPresent()).isEqualTo(!signed);
        assertThat(candidate.take(vector.packet())).isEmpty();
        assertThat(candidate.openPgp(Optional.of(new HmacKey(new byte[] {1}, DigestType.SHA256))))
                .isEmpty();
    }
}
