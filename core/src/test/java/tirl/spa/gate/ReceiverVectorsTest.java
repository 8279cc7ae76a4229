package tirl.spa.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tirl.packet.Address;
import tirl.spa.Body;
import tirl.spa.InvitationSecret;
import tirl.spa.Refusal;
import tirl.spa.ServiceId;
import tirl.spa.SharedKeys;
import tirl.spa.X25519PrivateKey;
import tirl.spa.X25519PublicKey;

/** testdata/vectors/spa-v1 through the whole receiver, up to the two questions that begin the policy. */
class ReceiverVectorsTest {
    private static final Path FOLDER = Path.of("..", "testdata", "vectors", "spa-v1");

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void packet_endsWhereTheVectorSays(Path file) throws IOException {
        Map<String, String> vector = new HashMap<>();
        Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(":", 2))
                .forEach(pair -> vector.put(pair[0], pair[1].strip()));

        X25519PrivateKey server = new X25519PrivateKey(hex(vector, "receiver-private"));
        InvitationSecret invitation = new InvitationSecret(hex(vector, "invitation"));
        boolean device = vector.containsKey("device-public");
        SharedKeys keys = device
                ? SharedKeys.atServer(
                                server,
                                new X25519PublicKey(hex(vector, "device-public")),
                                invitation.enrolment(server.publicKey()))
                        .orElseThrow()
                : invitation.keys(server.publicKey());
        ReplayWindow window = new ReplayWindow();
        Arrays.stream(text(vector, "accepted-before").split(" ", -1))
                .filter(counter -> !counter.isEmpty())
                .forEach(counter -> assertThat(window.accept(Long.parseUnsignedLong(counter)))
                        .isTrue());
        Peer peer = new Peer("it", !device, server, keys, invitation.kemSeed(server.publicKey()), window, false);
        PeerBook peers = new PeerBook();
        peers.add(peer);
        long nowMs = Long.parseLong(text(vector, "now-ms"));
        SpaGate gate = new SpaGate(peers, SpaGate.Settings.at(Long.parseLong(text(vector, "start-ms"))), nowMs, 1);
        Address source = Address.parse(text(vector, "source")).orElseThrow();

        Optional<Admission> admission = gate.on(new Carrier().udp(source, hex(vector, "packet")), 0, nowMs);

        assertThat(outcome(gate, admission, vector)).isEqualTo(text(vector, "outcome"));
    }

    private static String outcome(SpaGate gate, Optional<Admission> admission, Map<String, String> vector) {
        if (admission.isEmpty()) {
            return gate.refused(Refusal.LENGTH) == 1 ? "length" : "token";
        }
        return switch (admission.get()) {
            case Admission.Refused refused -> name(refused.reason());
            case Admission.Untimely untimely -> name(untimely.reason());
            case Admission.Admitted admitted -> policy(admitted, vector);
        };
    }

    private static String policy(Admission.Admitted admitted, Map<String, String> vector) {
        if (!(admitted.body() instanceof Body.Open open)) {
            return "opened";
        }
        if (open.target().address().grantees(admitted.source()).isEmpty()) {
            return "address";
        }
        List<ServiceId> known = Arrays.stream(text(vector, "server-services").split(" ", -1))
                .map(ServiceId::of)
                .toList();
        return known.containsAll(open.target().services()) ? "opened" : "service";
    }

    private static String name(Refusal reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String text(Map<String, String> vector, String name) {
        return Optional.ofNullable(vector.get(name)).orElseThrow();
    }

    private static byte[] hex(Map<String, String> vector, String name) {
        return HexFormat.of().parseHex(text(vector, name));
    }
}
