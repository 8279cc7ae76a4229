package tirl.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The key rings of a server and of a client who knows it, made by the real gpg: RSA, without pass-phrases. */
final class FwknopGnupg implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path server;
    private final Path client;
    private final String serverKey;
    private final String clientKey;

    FwknopGnupg(Path folder) {
        try {
            var own = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            server = Files.createDirectory(folder.resolve("gpg-server"), own);
            client = Files.createDirectory(folder.resolve("gpg-client"), own);
        } catch (IOException e) {
            throw new LabException("no key rings", e);
        }
        serverKey = key(server, "server@example.org");
        clientKey = key(client, "client@example.org");
        give(server, client, folder.resolve("server.asc"));
        give(client, server, folder.resolve("client.asc"));
    }

    private static String key(Path home, String owner) {
        gpg(home, "--passphrase", "", "--quick-gen-key", owner, "rsa2048", "sign,cert", "never");
        String fingerprint = gpg(home, "--with-colons", "--list-keys", owner)
                .lines()
                .filter(line -> line.startsWith("fpr:"))
                .findFirst()
                .orElseThrow()
                .split(":", -1)[9];
        gpg(home, "--passphrase", "", "--quick-add-key", fingerprint, "rsa2048", "encr", "never");
        return fingerprint;
    }

    private static void give(Path from, Path to, Path file) {
        gpg(from, "--armor", "--output", file.toString(), "--export");
        gpg(to, "--import", file.toString());
    }

    private static String gpg(Path home, String... words) {
        List<String> all = new ArrayList<>(
                List.of("gpg", "--homedir", home.toString(), "--batch", "--yes", "--pinentry-mode", "loopback"));
        all.addAll(List.of(words));
        return Command.run(LIMIT, all).orThrow().out();
    }

    /** For access.conf. */
    String stanzaLines(boolean signed) {
        return "GPG_HOME_DIR " + server + "\nGPG_DECRYPT_ID " + serverKey + "\nGPG_ALLOW_NO_PW Y\n"
                + (signed ? "GPG_REQUIRE_SIG Y\nGPG_FINGERPRINT_ID " + clientKey + "\n" : "GPG_DISABLE_SIG Y\n");
    }

    /** For the client. */
    String options(boolean signed) {
        return "--gpg-encryption --gpg-no-signing-pw --gpg-home-dir " + client + " --gpg-recipient-key " + serverKey
                + (signed ? " --gpg-signer-key " + clientKey : "");
    }

    @Override
    public void close() {
        for (Path home : List.of(server, client)) {
            Command.run(LIMIT, List.of("gpgconf", "--homedir", home.toString(), "--kill", "all"))
                    .orThrow();
        }
    }
}
