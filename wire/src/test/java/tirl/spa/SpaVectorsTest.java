package tirl.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** testdata/vectors/spa-v1 as far as the bytes go; the receiver's state is tested with them in core. */
class SpaVectorsTest {
    static List<Vector> vectors() throws IOException {
        return Vector.all();
    }

    @Test
    void thereIsAVectorForEveryOutcome() throws IOException {
        assertThat(vectors().stream().map(vector -> vector.text("outcome")).distinct())
                .containsExactlyInAnyOrder(
                        "opened",
                        "length",
                        "token",
                        "check",
                        "seal",
                        "body",
                        "stale",
                        "future",
                        "before-start",
                        "replay",
                        "address",
                        "service");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void secondLook_computesEveryValueAgain(Vector vector) throws GeneralSecurityException {
        Map<String, String> computed = SecondLook.at(vector.values());

        assertThat(computed).isEqualTo(vector.values());
    }

    /** What the product makes of the inputs is the packet of the file, but for the damage. */
    @ParameterizedTest
    @MethodSource("vectors")
    void sealer_makesThePacket(Vector vector) {
        Optional<Body> body = BodyCodec.decode(vector.hex("body"));
        if (body.isEmpty() || !vector.text("mutation").equals("none")) {
            assertThat(vector.text("outcome")).isIn("length", "token", "check", "seal", "body");
            return;
        }
        byte[] random = Bytes.join(
                vector.hex("salt"),
                vector.hex("ephemeral-private"),
                vector.has("kem-random") ? vector.hex("kem-random") : new byte[32]);

        SealedPacket sealed = Sealer.seal(
                vector.suite(),
                vector.deviceKeys(),
                vector.seed().publicKey(),
                Long.parseLong(vector.text("epoch")),
                body.get(),
                new SealRandomness(random));

        assertThat(sealed.bytes()).isEqualTo(vector.hex("packet"));
        assertThat(BodyCodec.encode(body.get())).isEqualTo(vector.hex("body"));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void opener_findsWhatTheVectorSays(Vector vector) {
        byte[] packet = vector.hex("packet");
        Optional<CheckedPacket> checked = Opener.check(packet, vector.serverKeys());
        String outcome = vector.text("outcome");
        if (vector.text("mutation").matches("shorter|token|check|garbage")) {
            assertThat(checked).isEmpty();
            return;
        }

        OpenResult result = Opener.open(checked.orElseThrow(), vector.server(), vector.seed());

        switch (outcome) {
            case "seal" -> assertThat(result).isEqualTo(new OpenResult.Refused(Refusal.SEAL));
            case "body" -> assertThat(result).isEqualTo(new OpenResult.Refused(Refusal.BODY));
            default ->
                assertThat(result)
                        .isInstanceOfSatisfying(
                                OpenResult.Opened.class,
                                opened -> assertThat(fields(opened.body()))
                                        .isSubsetOf(vector.values().entrySet()));
        }
    }

    /** The body's fields as the files write them. */
    private static Set<Map.Entry<String, String>> fields(Body body) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("time-ms", String.valueOf(body.header().timeMs()));
        fields.put("counter", Long.toUnsignedString(body.header().counter()));
        switch (body) {
            case Body.Open(var _, var seconds, var target) -> {
                fields.put("kind", "1");
                fields.put("seconds", Integer.toUnsignedString(seconds));
                target(fields, target);
            }
            case Body.Close(var _, var target) -> {
                fields.put("kind", "2");
                target(fields, target);
            }
            case Body.Register(var _, var device) -> {
                fields.put("kind", "3");
                fields.put("new-device-public", device.toString());
            }
            case Body.Rotate(var _, var device) -> {
                fields.put("kind", "4");
                fields.put("new-device-public", device.toString());
            }
        }
        return fields.entrySet();
    }

    private static void target(Map<String, String> fields, Body.Target target) {
        fields.put("grant", Integer.toUnsignedString(target.grant()));
        target.code().ifPresent(code -> fields.put("code", String.valueOf(code)));
        target.address().ipv4().ifPresent(address -> fields.put("ipv4", address.toString()));
        target.address().ipv6().ifPresent(address -> fields.put("ipv6", address.toString()));
    }
}
