package tirl.daemon.pgp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real gpg with a home of its own; its agent is ended with it. */
final class Gnupg implements AutoCloseable {
    private final Path home;

    Gnupg(Path folder, String name) throws IOException {
        home = folder.resolve(name);
        Files.createDirectory(home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    Path home() {
        return home;
    }

    /** A key that signs with a subkey that encrypts; its fingerprint. */
    String key(String owner, String passphrase, String signing, String encrypting) {
        run(new byte[0], "--passphrase", passphrase, "--quick-gen-key", owner, signing, "sign,cert", "never");
        String fingerprint = fingerprint(owner);
        run(new byte[0], "--passphrase", passphrase, "--quick-add-key", fingerprint, encrypting, "encr", "never");
        return fingerprint;
    }

    String fingerprint(String owner) {
        return run(new byte[0], "--with-colons", "--list-keys", owner)
                .lines()
                .filter(line -> line.startsWith("fpr:"))
                .findFirst()
                .orElseThrow()
                .split(":", -1)[9];
    }

    /** What gpg makes of this input, as octets in ISO 8859-1. */
    String run(byte[] input, String... words) {
        return new String(octets(input, words), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    byte[] octets(byte[] input, String... words) {
        List<String> command = new ArrayList<>(List.of(
                "gpg",
                "--homedir",
                home.toString(),
                "--batch",
                "--yes",
                "--quiet",
                "--pinentry-mode",
                "loopback",
                "--trust-model",
                "always"));
        command.addAll(List.of(words));
        return execute(input, command);
    }

    static byte[] execute(byte[] input, List<String> command) {
        try {
            // Through files: a pipe of which nobody reads the other end stops both.
            Path errors = Files.createTempFile("gpg", ".err");
            Path given = Files.createTempFile("gpg", ".in");
            Path made = Files.createTempFile("gpg", ".out");
            try {
                Files.write(given, input);
                Process process = new ProcessBuilder(command)
                        .redirectInput(given.toFile())
                        .redirectOutput(made.toFile())
                        .redirectError(errors.toFile())
                        .start();
                if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                    process.destroyForcibly();
                    throw new IllegalStateException(command + " failed: " + Files.readString(errors));
                }
                return Files.readAllBytes(made);
            } finally {
                Files.delete(errors);
                Files.delete(given);
                Files.delete(made);
            }
        } catch (IOException e) {
            throw new IllegalStateException("is the Debian package gnupg installed? " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        execute(new byte[0], List.of("gpgconf", "--homedir", home.toString(), "--kill", "all"));
    }
}
