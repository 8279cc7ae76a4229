package tirl.spa;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Wrote testdata/vectors/spa-v1, once; the files are what version 1 is and do not change. Their values come from
 * {@link SecondLook}, not from the product. To add one, describe it here and run, in the folder wire after a build:
 * {@code java -cp target/classes:target/test-classes tirl.spa.VectorWriter}. A file that exists is left alone.
 */
final class VectorWriter {
    private static final long TIME_MS = 1_795_000_000_000L;

    private VectorWriter() {}

    public static void main(String[] args) throws IOException, GeneralSecurityException {
        Files.createDirectories(Vector.FOLDER);
        for (String suite : new String[] {"C", "H"}) {
            write(suite, "open-observed", "Opens one service for the address it comes from.", "opened");
            write(suite, "open-all-fields", "Every field in use.", "opened", ALL_FIELDS);
            write(suite, "close", "Gives a grant back.", "opened", "kind: 2", "seconds: 0", "grant: 77");
            write(suite, "register", "The first packet of a device.", "opened", REGISTER);
            write(suite, "rotate", "A device's next key.", "opened", "kind: 4", "new-device-public: @next");
        }
        write("C", "ipv6-dual", "From IPv6, with a sealed IPv4 address.", "opened", DUAL);
        write("C", "last-counter", "The largest counter.", "opened", "counter: 18446744073709551615", "slot: 15");
        write("C", "bad-length", "One byte short.", "length", "mutation: shorter");
        write("C", "bad-token", "A token that is not live.", "token", "mutation: token");
        write("C", "old-epoch", "A token of three epochs ago.", "token", "epoch: 2991663");
        write("C", "wrong-server", "Made for another server.", "token", "receiver-private: @other");
        write("C", "bad-check", "A damaged check.", "check", "mutation: check");
        write("C", "garbage", "An overheard token with other bytes.", "check", "mutation: garbage");
        write("C", "bad-tag", "A broken seal under a right check.", "seal", "mutation: tag");
        write("H", "bad-tag", "A broken seal under a right check.", "seal", "mutation: tag");
        write("C", "bad-version", "A body of version 2.", "body", "version: 2");
        write("C", "bad-flags", "An unknown flag.", "body", "flags: 8");
        write("C", "bad-mode", "Claims an address and has none.", "body", "mode: 1");
        write("C", "stale", "Made 90.001 seconds ago.", "stale", "time-ms: " + (TIME_MS - 90_001));
        write("C", "future", "Made in 90.001 seconds.", "future", "time-ms: " + (TIME_MS + 90_001));
        write("C", "before-start", "Made before the server started.", "before-start", "start-ms: " + (TIME_MS + 1));
        write("C", "replay", "A counter that was accepted before.", "replay", "accepted-before: 33");
        write("C", "left-behind", "A counter that fell out of the window.", "replay", "accepted-before: 289");
        write("C", "reordered", "The last counter in the window.", "opened", "accepted-before: 288");
        write("C", "wrong-address", "Claims one address and comes from another.", "address", WRONG_ADDRESS);
        write("C", "unknown-service", "A service that the server has not.", "service", "services: nonesuch");
    }

    private static final String[] REGISTER = {
        "kind: 3", "flags: 1", "counter: 1", "slot: 1", "device-private: -", "new-device-public: @next"
    };
    private static final String[] ALL_FIELDS = {
        "flags: 7",
        "mode: 2",
        "seconds: 86400",
        "services: ssh web files",
        "grant: 4294967295",
        "code: 99999999",
        "ipv4: 192.0.2.7",
        "ipv6: 2001:db8::7"
    };
    private static final String[] DUAL = {"mode: 3", "ipv4: 198.51.100.9", "source: 2001:db8::9"};
    private static final String[] WRONG_ADDRESS = {"mode: 2", "ipv4: 192.0.2.8"};

    private static void write(String suite, String name, String what, String outcome, String... changes)
            throws IOException, GeneralSecurityException {
        String file = suite.toLowerCase(Locale.ROOT) + "-" + name;
        Map<String, String> values = new LinkedHashMap<>();
        values.put("suite", suite);
        values.put("server-private", random("server"));
        values.put("receiver-private", "@server");
        values.put("invitation", random("invitation"));
        values.put("device-private", random("device"));
        values.put("salt", random(file + " salt").substring(0, 32));
        values.put("ephemeral-private", random(file + " ephemeral"));
        values.put("kem-random", suite.equals("H") ? random(file + " kem") : "-");
        values.put("epoch", String.valueOf(TIME_MS / 600_000));
        values.put("slot", "1");
        values.put("version", "1");
        values.put("kind", "1");
        values.put("flags", "0");
        values.put("mode", "0");
        values.put("time-ms", String.valueOf(TIME_MS));
        values.put("counter", "33");
        values.put("seconds", "1800");
        values.put("services", "ssh");
        values.put("grant", "0");
        values.put("now-ms", String.valueOf(TIME_MS));
        values.put("start-ms", String.valueOf(TIME_MS - 1_000_000));
        values.put("source", "192.0.2.7");
        values.put("accepted-before", "");
        values.put("server-services", "ssh web files");
        values.put("mutation", "none");
        for (String change : changes) {
            String[] nameAndValue = change.split(": ", 2);
            values.put(nameAndValue[0], nameAndValue[1]);
        }
        values.replaceAll((_, value) -> value.startsWith("@") ? random(value.substring(1)) : value);
        values.values().removeIf(value -> value.equals("-"));
        Map<String, String> computed = SecondLook.at(values);
        computed.put("outcome", outcome);
        StringBuilder text = new StringBuilder("# " + what + "\n");
        computed.forEach((key, value) -> text.append(key)
                .append(value.isEmpty() ? ":" : ": ")
                .append(value)
                .append('\n'));
        if (Files.notExists(Vector.FOLDER.resolve(file + ".txt"))) {
            Files.writeString(Vector.FOLDER.resolve(file + ".txt"), text);
        }
    }

    /** Anybody can make these again; nothing but a vector may use them. */
    private static String random(String name) {
        byte[] hash = Bytes.sha256(("tirl vector " + name).getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().formatHex(Arrays.copyOf(hash, 32));
    }
}
