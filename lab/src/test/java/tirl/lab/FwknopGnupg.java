package tirl.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tirl.client.fwknop.Values;
import tirl.client.fwknop.Variable;

/** GnuPG's key rings of a server and of a client that signs, made by the real gpg, without pass-phrases. */
final class FwknopGnupg implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path server;
    private final Path client;
    private final String serverKey;
    private final String clientKey;

    /**
     * Makes them in this folder.
     *
     * @param signing algorithm, as gpg calls it
     * @param encrypting algorithm
     */
    FwknopGnupg(Path folder, String signing, String encrypting) {
        server = home(folder.resolve("gs"));
        client = home(folder.resolve("gc"));
        serverKey = key(server, "server@tirl.test", signing);
        gpg(server, "", "--quick-add-key", serverKey, encrypting, "encr", "never");
        clientKey = key(client, "client@tirl.test", signing);
        gpg(client, gpg(server, "", "--armor", "--export", serverKey), "--import");
        gpg(server, gpg(client, "", "--armor", "--export", clientKey), "--import");
        // fwknopd wants signatures that gpg calls valid.
        gpg(server, clientKey + ":6:\n", "--import-ownertrust");
    }

    private static Path home(Path folder) {
        try {
            return Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new LabException("no folder for keys", e);
        }
    }

    private static String key(Path home, String owner, String algorithm) {
        gpg(home, "", "--quick-gen-key", owner, algorithm, "sign,cert", "never");
        return gpg(home, "", "--with-colons", "--list-keys", owner)
                .lines()
                .filter(line -> line.startsWith("fpr:"))
                .findFirst()
                .orElseThrow()
                .split(":", -1)[9];
    }

    private static String gpg(Path home, String input, String... words) {
        List<String> all = new ArrayList<>(List.of("gpg", "--homedir", home.toString(), "--batch", "--yes"));
        all.addAll(List.of("--pinentry-mode", "loopback", "--passphrase", ""));
        all.addAll(List.of(words));
        return Command.run(LIMIT, all, input).orThrow().out();
    }

    /** For access.conf. */
    String stanza(boolean signed) {
        return "GPG_HOME_DIR " + server + "\nGPG_DECRYPT_ID " + serverKey + "\nGPG_ALLOW_NO_PW Y\n"
                + (signed ? "GPG_REQUIRE_SIG Y\nGPG_FINGERPRINT_ID " + clientKey + "\n" : "GPG_DISABLE_SIG Y\n");
    }

    /** For fwknop's client. */
    String options(boolean signed) {
        return "--gpg-encryption --gpg-no-signing-pw --gpg-home-dir " + client + " --gpg-recipient-key " + serverKey
                + (signed ? " --gpg-signer-key " + clientKey : "");
    }

    /** For ours. */
    Values values() {
        Values values = new Values();
        values.set(Variable.USE_GPG, "Y");
        values.set(Variable.GPG_HOMEDIR, client.toString());
        values.set(Variable.GPG_RECIPIENT, serverKey);
        values.set(Variable.GPG_SIGNER, clientKey);
        values.set(Variable.GPG_NO_SIGNING_PW, "Y");
        return values;
    }

    @Override
    public void close() {
        for (Path home : List.of(server, client)) {
            Command.run(LIMIT, List.of("gpgconf", "--homedir", home.toString(), "--kill", "all"))
                    .orThrow();
        }
    }
}
