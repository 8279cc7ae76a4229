package tirl.fwknop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One packet of testdata/vectors/fwknop: names and values. */
record Vector(String name, Map<String, String> values) {
    static final Path FOLDER = Path.of("..", "testdata", "vectors", "fwknop");
    static final byte[] KEY = "fwknop-test-key-0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** The bytes 0 to 63. */
    static byte[] hmacSecret() {
        byte[] secret = new byte[64];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) i;
        }
        return secret;
    }

    static List<Vector> files(String prefix) throws IOException {
        List<Vector> vectors = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.filter(file -> isVector(file.getFileName().toString(), prefix))
                    .sorted()
                    .toList()) {
                vectors.add(read(file));
            }
        }
        return vectors;
    }

    private static boolean isVector(String name, String prefix) {
        return name.startsWith(prefix) && name.endsWith(".txt") && !name.equals("client-matrix.txt");
    }

    private static Vector read(Path file) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] nameAndValue = line.split(": ?", 2);
                values.put(nameAndValue[0], nameAndValue[1]);
            }
        }
        return new Vector(file.getFileName().toString(), values);
    }

    /** The lines of client-matrix.txt, or of another file that record.py wrote. */
    static List<Vector> matrix() throws IOException {
        Path file = Path.of(System.getProperty(
                "tirl.fwknop.matrix", FOLDER.resolve("client-matrix.txt").toString()));
        List<Vector> vectors = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] columns = line.split("\\|", -1);
            boolean signed = !columns[1].equals("-");
            vectors.add(new Vector(
                    line,
                    Map.of(
                            "key",
                            HexFormat.of().formatHex(KEY),
                            "mode",
                            columns[0],
                            "hmac",
                            signed ? columns[1] : "",
                            "hmac-key",
                            signed ? HexFormat.of().formatHex(hmacSecret()) : "",
                            "digest",
                            columns[2],
                            "plain",
                            columns[4],
                            "packet",
                            columns[5],
                            "outcome",
                            "opened")));
        }
        return vectors;
    }

    String text(String name) {
        return Optional.ofNullable(values.get(name)).orElseThrow();
    }

    byte[] hex(String name) {
        return HexFormat.of().parseHex(text(name));
    }

    CipherKey key() {
        return new CipherKey(hex("key"), EncryptionMode.named(text("mode")).orElseThrow());
    }

    Optional<HmacKey> hmac() {
        return text("hmac").isEmpty()
                ? Optional.empty()
                : Optional.of(new HmacKey(
                        hex("hmac-key"), DigestType.named(text("hmac")).orElseThrow()));
    }

    byte[] packet() {
        return text("packet").getBytes(StandardCharsets.UTF_8);
    }

    /** The head and twelve characters of the packet are eight bytes of magic word, the salt, and half a byte more. */
    byte[] salt() {
        String start = Candidate.SALTED_HEAD + text("packet").substring(0, 14);
        return Arrays.copyOfRange(Base64.getDecoder().decode(start), 8, 16);
    }

    @Override
    public String toString() {
        return name;
    }
}
