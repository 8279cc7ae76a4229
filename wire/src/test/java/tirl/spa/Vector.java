package tirl.spa;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One file of testdata/vectors/spa-v1: names and values. */
record Vector(String name, Map<String, String> values) {
    static final Path FOLDER = Path.of("..", "testdata", "vectors", "spa-v1");

    static List<Vector> all() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<Path> paths = files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
            List<Vector> vectors = new ArrayList<>();
            for (Path path : paths) {
                vectors.add(read(path));
            }
            return vectors;
        }
    }

    static Vector read(Path path) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : Files.readAllLines(path)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] nameAndValue = line.split(":", 2);
                values.put(nameAndValue[0].strip(), nameAndValue[1].strip());
            }
        }
        return new Vector(path.getFileName().toString(), values);
    }

    String text(String name) {
        return Optional.ofNullable(values.get(name)).orElseThrow();
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    byte[] hex(String name) {
        return HexFormat.of().parseHex(text(name));
    }

    Suite suite() {
        return Suite.valueOf(text("suite"));
    }

    X25519PrivateKey server() {
        return new X25519PrivateKey(hex("server-private"));
    }

    InvitationSecret invitation() {
        return new InvitationSecret(hex("invitation"));
    }

    /** As the server makes them. */
    SharedKeys serverKeys() {
        X25519PublicKey server = server().publicKey();
        return has("device-private")
                ? SharedKeys.atServer(
                                server(),
                                new X25519PublicKey(hex("device-public")),
                                invitation().enrolment(server))
                        .orElseThrow()
                : invitation().keys(server);
    }

    /** As the device makes them. */
    SharedKeys deviceKeys() {
        X25519PublicKey server = new X25519PublicKey(hex("server-public"));
        return has("device-private")
                ? SharedKeys.atDevice(
                                new X25519PrivateKey(hex("device-private")),
                                server,
                                invitation().enrolment(server))
                        .orElseThrow()
                : invitation().keys(server);
    }

    KemSeed seed() {
        return invitation().kemSeed(server().publicKey());
    }

    @Override
    public String toString() {
        return name;
    }
}
