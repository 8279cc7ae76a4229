package tirl.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import tirl.client.fwknop.FwknopException;
import tirl.client.fwknop.Keys;

/** fwknopd's files for the daemon, and the real fwknop client that has the keys of their stanzas. */
final class FwknopFolder {
    /** By when something is in the kernel or in the log: it is on disk first, and a busy disk takes its time. */
    static final Duration SOON = Duration.ofSeconds(15);

    private static final SecureRandom RANDOM = new SecureRandom();

    final Path directory;
    private final Map<String, Keys> keys = new LinkedHashMap<>();

    FwknopFolder(Path directory) {
        this.directory = directory;
        write("fwknopd.conf", "FWKNOP_RUN_DIR " + directory + "\n");
    }

    /** Lines of fwknopd.conf. */
    FwknopFolder conf(String... lines) {
        write("fwknopd.conf", "FWKNOP_RUN_DIR " + directory + "\n" + String.join("\n", lines) + "\n");
        return this;
    }

    /** access.conf; each stanza is from {@link #stanza}. */
    FwknopFolder access(String... stanzas) {
        write("access.conf", String.join("\n", stanzas));
        return this;
    }

    /** A stanza with keys of its own, which the client knows by this name. */
    String stanza(String name, String... lines) {
        boolean hasSource = Stream.of(lines).anyMatch(line -> line.startsWith("SOURCE"));
        return "# " + name + "\n" + (hasSource ? "" : "SOURCE ANY\n") + String.join("\n", lines) + "\n"
                + keyLines(name);
    }

    /** The two lines with the keys of this name. */
    String keyLines(String name) {
        return keys.computeIfAbsent(name, _ -> fresh())
                .text()
                .replace("KEY_BASE64:", "KEY_BASE64")
                .replace("HMAC_KEY_BASE64:", "HMAC_KEY_BASE64");
    }

    private static Keys fresh() {
        try {
            return Keys.generate(32, 64, RANDOM);
        } catch (FwknopException e) {
            throw new LabException("no keys", e);
        }
    }

    /** What leases and log lines call a stanza of a file. */
    String label(String file, String name) {
        List<String> lines = read(file).lines().toList();
        int comment = lines.indexOf("# " + name);
        return "fwknop:" + file + ":" + (comment + 2);
    }

    String label(String name) {
        return label("access.conf", name);
    }

    FwknopFolder write(String file, String text) {
        try {
            Path path = directory.resolve(file);
            Files.createDirectories(Objects.requireNonNull(path.getParent()));
            Files.writeString(path, text);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            return this;
        } catch (IOException e) {
            throw new LabException("could not write " + file, e);
        }
    }

    String read(String file) {
        try {
            return Files.exists(directory.resolve(file)) ? Files.readString(directory.resolve(file)) : "";
        } catch (IOException e) {
            throw new LabException("could not read " + file, e);
        }
    }

    /** The daemon's configuration that names these files. */
    String toml() {
        return "[fwknop]\ndirectory = \"" + directory + "\"\n";
    }

    /** A server with the daemon on these files. */
    Site start() {
        return Site.with(toml());
    }

    /** Has the real client send a packet with the keys of this name. */
    void send(Site site, Client from, String name, String... options) {
        from.run(words(site.ipv4(), name, options)).orThrow();
    }

    /** The same packet made, not sent. */
    byte[] packet(Site site, String name, String... options) {
        Path file = directory.resolve("packet");
        List<String> all = new ArrayList<>(List.of("--test", "-B", file.toString()));
        all.addAll(List.of(options));
        site.network
                .clients()
                .run(words(site.ipv4(), name, all.toArray(String[]::new)))
                .orThrow();
        byte[] text = read("packet").strip().getBytes(StandardCharsets.US_ASCII);
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new LabException("could not remove " + file, e);
        }
        return text;
    }

    private String[] words(String server, String name, String... options) {
        Keys known = Optional.ofNullable(keys.get(name)).orElseThrow();
        List<String> words = new ArrayList<>(List.of("fwknop", "--no-save-args", "--no-rc-file", "-D", server));
        words.addAll(List.of("--key-base64-rijndael", known.cipher(), "--key-base64-hmac", known.hmac()));
        words.addAll(List.of(options));
        return words.toArray(String[]::new);
    }

    /** Waits for a lease of a stanza. */
    static void awaitLease(Site site, KernelLease lease) {
        Await.until(
                () -> lease + " in the kernel, where there is " + KernelLease.of(site.network.server())
                        + "; the daemon's log:\n" + site.tirl.log(),
                SOON,
                () -> KernelLease.of(site.network.server()).contains(lease));
    }

    static void awaitLog(Site site, String text) {
        Await.until(
                () -> "a line with \"" + text + "\"; the daemon's log:\n" + site.tirl.log(),
                SOON,
                () -> site.tirl.log().contains(text));
    }
}
