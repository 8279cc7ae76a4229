package tirl.daemon.pgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tirl.fwknop.access.Gpg;

/** Needs the real gpg and the real fwknop client. */
class GnupgDecryptionTest {
    private static final Path VECTORS = Path.of("../testdata/vectors/fwknop");
    private static final String RSA = "E01FAF9F0117B96A93116487E3DEC38F81566C0B";
    private static final String ECC = "7EA45B33C657FB49FC87B5DF5CE5A7A4C25A8D52";
    private static final String TEXT = "1234567890123456:YWxpY2U:1795249386:3.0.0:1:MTkyLjAuMi4xMCx0Y3AvMjI:digest";

    @TempDir
    Path folder;

    private final List<Gnupg> opened = new ArrayList<>();
    private Gnupg server;

    @BeforeEach
    void home() throws IOException {
        server = gnupg("server");
    }

    @AfterEach
    void end() {
        opened.forEach(Gnupg::close);
    }

    private Gnupg gnupg(String name) throws IOException {
        Gnupg gnupg = new Gnupg(folder, name);
        opened.add(gnupg);
        return gnupg;
    }

    private Gpg vectorsStanza(String id, String... more) {
        List<String> lines = new ArrayList<>(List.of("GPG_ALLOW_NO_PW Y"));
        lines.addAll(List.of(more));
        return Stanzas.gpg(server.home(), id, lines.toArray(String[]::new));
    }

    private void importVectors() {
        server.run(new byte[0], "--import", VECTORS.resolve("gpg-keys.asc").toString());
    }

    private byte[] encrypted(String recipient, String... more) {
        List<String> words = new ArrayList<>(List.of("--encrypt", "--recipient", recipient));
        words.addAll(List.of(more));
        return server.octets(TEXT.getBytes(StandardCharsets.US_ASCII), words.toArray(String[]::new));
    }

    private static List<String> lines(String file) throws IOException {
        return Files.readAllLines(VECTORS.resolve(file));
    }

    private static String value(String file, String name) throws IOException {
        return lines(file).stream()
                .filter(line -> line.startsWith(name + ": "))
                .findFirst()
                .orElseThrow()
                .substring(name.length() + 2);
    }

    private static byte[] message(String file) throws IOException {
        String tail = lines(file).contains("hmac: sha256") ? "=".repeat(0) : "";
        String packet = value(file, "packet");
        int tag = lines(file).contains("hmac: sha256") ? 43 : 0;
        return Base64.getDecoder().decode(value(file, "head") + packet.substring(0, packet.length() - tag) + tail);
    }

    @ParameterizedTest
    @CsvSource({"gpg-rsa-plain, " + RSA, "gpg-rsa-hmac, " + RSA, "gpg-ecc-plain, " + ECC, "gpg-ecc-hmac, " + ECC})
    void recordedPacket_isReadWithTheExportedKeysAlone(String vector, String id) throws Exception {
        Files.copy(VECTORS.resolve("gpg-keys.asc"), server.home().resolve("tirl-secret.gpg"));
        Gpg gpg = vectorsStanza(id, "GPG_FINGERPRINT_ID " + RSA);

        assertThat(Stanzas.read(Stanzas.load(gpg), message(vector + ".txt"), gpg))
                .isEqualTo(value(vector + ".txt", "plain"));
    }

    @ParameterizedTest
    @CsvSource({"gpg-rsa-plain, " + RSA, "gpg-ecc-hmac, server-ecc@tirl.test"})
    void recordedPacket_isReadWithGpgsOwnFiles(String vector, String id) throws Exception {
        importVectors();
        assertThat(server.home().resolve("private-keys-v1.d")).isDirectory();
        Gpg gpg = vectorsStanza(id, "GPG_REMOTE_ID 81566C0B");

        assertThat(Stanzas.read(Stanzas.load(gpg), message(vector + ".txt"), gpg))
                .isEqualTo(value(vector + ".txt", "plain"));
    }

    @ParameterizedTest
    @CsvSource({
        "rsa2048, rsa2048, 'päss wörd'",
        "dsa1024, elg1024, ''",
        "ed25519, cv25519, geheim",
        "nistp256, nistp384, ''"
    })
    void keysOfEveryKind_asGpgKeepsThem(String signing, String encrypting, String passphrase) throws Exception {
        String id = server.key("gate", passphrase, signing, encrypting);
        byte[] message = encrypted(id, "--sign", "--passphrase", passphrase);
        Gpg gpg = Stanzas.gpg(
                server.home(),
                id.substring(24),
                passphrase.isEmpty() ? "GPG_ALLOW_NO_PW Y" : "GPG_DECRYPT_PW " + passphrase,
                "GPG_FINGERPRINT_ID " + id);

        assertThat(Stanzas.read(Stanzas.load(gpg), message, gpg)).isEqualTo(TEXT);

        // The same keys in another home: imported and not used yet, as gpg 1 had them, and exported for us.
        byte[] secret = server.octets(new byte[0], "--passphrase", passphrase, "--export-secret-keys", id);
        Gnupg other = gnupg("other");
        other.octets(secret, "--import");
        Path exported = Files.createDirectory(folder.resolve("exported"));
        Files.write(exported.resolve("secring.gpg"), secret);
        for (Path home : List.of(other.home(), exported)) {
            Gpg moved = Stanzas.gpg(
                    home,
                    "gate",
                    passphrase.isEmpty() ? "GPG_ALLOW_NO_PW Y" : "GPG_DECRYPT_PW " + passphrase,
                    "GPG_FINGERPRINT_ID " + id);
            assertThat(Stanzas.read(Stanzas.load(moved), message, moved))
                    .as("%s", home)
                    .isEqualTo(TEXT);
        }
    }

    /** As keys of gpg before 2.1.17 still lie there. */
    @Test
    void keyInAgentsOldForm() throws Exception {
        Files.writeString(server.home().resolve("gpg-agent.conf"), "disable-extended-key-format\n");
        String id = server.key("old", "geheim", "rsa2048", "rsa2048");
        byte[] message = encrypted(id, "--sign", "--passphrase", "geheim");
        Gpg gpg = Stanzas.gpg(server.home(), id, "GPG_DECRYPT_PW geheim", "GPG_FINGERPRINT_ID " + id);

        assertThat(Stanzas.read(Stanzas.load(gpg), message, gpg)).isEqualTo(TEXT);
    }

    @Test
    void keysThatCannotBeUsed_areOneClearError() throws Exception {
        String id = server.key("gate", "geheim", "ed25519", "cv25519");
        assertThatThrownBy(() -> Stanzas.load(
                        Stanzas.gpg(server.home(), id, "GPG_DECRYPT_PW falsch", "GPG_FINGERPRINT_ID " + id)))
                .isInstanceOf(KeyRingException.class)
                .hasMessageContaining("GPG_DECRYPT_PW is not its pass-phrase")
                .hasMessageNotContaining("falsch");
        assertThatThrownBy(() -> Stanzas.load(vectorsStanza(id, "GPG_FINGERPRINT_ID " + id)))
                .hasMessageContaining("it has a pass-phrase; set GPG_DECRYPT_PW");
        assertThatThrownBy(() -> Stanzas.load(vectorsStanza("nobody", "GPG_REMOTE_ID ANY")))
                .hasMessageContaining("no key nobody in the key ring; gpg --import it");
        assertThatThrownBy(() ->
                        Stanzas.load(Stanzas.gpg(server.home(), id, "GPG_DECRYPT_PW geheim", "GPG_REMOTE_ID 01234567")))
                .hasMessageContaining("no key 01234567");
        Gnupg publicOnly = gnupg("public");
        publicOnly.octets(server.octets(new byte[0], "--export", id), "--import");
        assertThatThrownBy(() -> Stanzas.load(
                        Stanzas.gpg(publicOnly.home(), id, "GPG_DECRYPT_PW geheim", "GPG_FINGERPRINT_ID " + id)))
                .hasMessageContaining("has no private part")
                .hasMessageContaining("--export-secret-keys");
        assertThatThrownBy(() ->
                        Stanzas.load(Stanzas.gpg(folder.resolve("none"), id, "GPG_ALLOW_NO_PW Y", "GPG_REMOTE_ID ANY")))
                .hasMessageContaining("set GPG_HOME_DIR");
    }

    @Test
    void onlyTheListedSign() throws Exception {
        importVectors();
        String eve = server.key("eve", "", "ed25519", "cv25519");
        byte[] byEve = encrypted(RSA, "--sign", "--local-user", eve);
        byte[] byRsa = encrypted(RSA, "--sign", "--local-user", RSA);
        byte[] byNobody = encrypted(RSA);
        byte[] byBoth = encrypted(RSA, "--sign", "--local-user", RSA, "--local-user", eve);
        Gpg rsa = vectorsStanza(RSA, "GPG_FINGERPRINT_ID " + RSA);
        GnupgDecryption pgp = Stanzas.load(rsa);

        assertThat(Stanzas.read(pgp, byRsa, rsa)).isEqualTo(TEXT);
        assertThat(Stanzas.read(pgp, byEve, rsa)).isEqualTo("SIGNER");
        assertThat(Stanzas.read(pgp, byNobody, rsa)).isEqualTo("UNSIGNED");
        assertThat(Stanzas.read(pgp, byBoth, rsa)).isEqualTo("SIGNATURES");
        Gpg any = vectorsStanza(RSA, "GPG_REMOTE_ID ANY");
        assertThat(Stanzas.read(Stanzas.load(any), byEve, any)).isEqualTo(TEXT);
        Gpg none = vectorsStanza(RSA, "GPG_DISABLE_SIG Y");
        assertThat(Stanzas.read(Stanzas.load(none), byNobody, none)).isEqualTo(TEXT);
        assertThat(Stanzas.read(Stanzas.load(none), encrypted(eve), none)).isEqualTo("RECIPIENT");
        assertThat(Stanzas.read(pgp, encrypted(RSA, "--sign", "--local-user", RSA, "--throw-keyids"), rsa))
                .isEqualTo(TEXT);
    }

    @Test
    void signersKey_expiredOrRevoked() throws Exception {
        importVectors();
        server.run(new byte[0], "--passphrase", "", "--quick-gen-key", "brief", "ed25519", "sign,cert", "1d");
        String brief = server.fingerprint("brief");
        byte[] message = encrypted(RSA, "--sign", "--local-user", brief);
        byte[] briefSignature = encrypted(RSA, "--sign", "--local-user", RSA, "--default-sig-expire", "1d");
        Gpg gpg = vectorsStanza(RSA, "GPG_FINGERPRINT_ID " + brief + "," + RSA);
        Instant later = Instant.now().plus(Duration.ofDays(2));

        assertThat(Stanzas.read(Stanzas.load(gpg), message, gpg)).isEqualTo(TEXT);
        assertThat(Stanzas.read(Stanzas.load(gpg), briefSignature, gpg)).isEqualTo(TEXT);
        assertThat(Stanzas.load(gpg).notes()).isEmpty();
        assertThat(Stanzas.read(Stanzas.load(gpg, later), message, gpg)).isEqualTo("SIGNER_EXPIRED");
        assertThat(Stanzas.read(Stanzas.load(gpg, later), briefSignature, gpg)).isEqualTo("SIGNATURE_EXPIRED");
        assertThat(Stanzas.load(gpg, later).notes()).singleElement().asString().contains(brief);

        // gpg writes the certificate with a colon in front, so that nobody imports it by mistake.
        String certificate = Files.readString(server.home().resolve("openpgp-revocs.d/" + brief + ".rev"))
                .replace(":-----", "-----");
        server.octets(certificate.getBytes(StandardCharsets.US_ASCII), "--import");
        assertThat(Stanzas.read(Stanzas.load(gpg), message, gpg)).isEqualTo("SIGNER");
        assertThat(Stanzas.load(gpg).notes()).singleElement().asString().contains("revoked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "zip", "zlib", "bzip2"})
    void compression_isBounded(String algorithm) throws Exception {
        importVectors();
        Gpg gpg = vectorsStanza(RSA, "GPG_DISABLE_SIG Y");
        GnupgDecryption pgp = Stanzas.load(gpg);
        assertThat(Stanzas.read(pgp, encrypted(RSA, "--compress-algo", algorithm), gpg))
                .isEqualTo(TEXT);

        byte[] bomb = server.octets(new byte[1_000_000], "--encrypt", "--recipient", RSA, "--compress-algo", algorithm);
        assertThat(Stanzas.read(pgp, bomb, gpg)).isEqualTo(algorithm.equals("none") ? "LONG" : "INFLATED");
    }

    @Test
    void withoutProtection_isRefused() throws Exception {
        importVectors();
        Gpg gpg = vectorsStanza(RSA, "GPG_DISABLE_SIG Y");

        assertThat(Stanzas.read(Stanzas.load(gpg), encrypted(RSA, "--rfc2440", "--disable-mdc"), gpg))
                .isEqualTo("UNPROTECTED");
    }

    @Test
    void badSignature_isGoodEnoughOnlyWhereTheStanzaSaysSo() throws Exception {
        importVectors();
        byte[] signed = server.octets(
                TEXT.getBytes(StandardCharsets.US_ASCII), "--sign", "--local-user", RSA, "--compress-algo", "none");
        signed[new String(signed, StandardCharsets.ISO_8859_1).indexOf("YWxp")]++;
        // What gpg signed, changed, encrypted again without another layer around it.
        byte[] message = Encryptions.to(server.octets(new byte[0], "--export", RSA), signed);
        Gpg strict = vectorsStanza(RSA, "GPG_FINGERPRINT_ID " + RSA);
        Gpg lax = vectorsStanza(RSA, "GPG_FINGERPRINT_ID " + RSA, "GPG_IGNORE_SIG_VERIFY_ERROR Y");
        Gpg laxToAnother = vectorsStanza(RSA, "GPG_FINGERPRINT_ID " + ECC, "GPG_IGNORE_SIG_VERIFY_ERROR Y");

        assertThat(Stanzas.read(Stanzas.load(strict), message, strict)).isEqualTo("SIGNATURE");
        assertThat(Stanzas.read(Stanzas.load(lax), message, lax)).isEqualTo(TEXT.replace("YWxp", "ZWxp"));
        assertThat(Stanzas.read(Stanzas.load(laxToAnother), message, laxToAnother))
                .isEqualTo("SIGNER");
    }

    /** A hostile message is a refusal, and takes bounded time; seeded, so that a failure comes again. */
    @Test
    void hostileMessages_areRefused() throws Exception {
        importVectors();
        Gpg gpg = vectorsStanza(ECC, "GPG_FINGERPRINT_ID " + RSA);
        GnupgDecryption pgp = Stanzas.load(gpg);
        byte[] good = message("gpg-ecc-plain.txt");
        byte[] inner = server.octets(
                TEXT.getBytes(StandardCharsets.US_ASCII), "--sign", "--local-user", RSA, "--compress-algo", "none");
        byte[] key = server.octets(new byte[0], "--export", ECC);
        assertThat(Stanzas.read(pgp, Encryptions.to(key, inner), gpg)).isEqualTo(TEXT);
        Random random = new Random(24);

        for (int length = 0; length < good.length; length++) {
            assertThat(pgp.open(Arrays.copyOf(good, length), gpg)).isInstanceOf(PgpOutcome.Refused.class);
        }
        for (int i = 0; i < 600; i++) {
            byte[] hostile = damaged(good, random);
            assertThat(Stanzas.read(pgp, hostile, gpg))
                    .matches(text -> text.matches("[A-Z_]+") || text.equals(read(good, pgp, gpg)));
        }
        // Encrypted correctly, so that what is inside is read: each octet, then many at once.
        for (int i = 0; i < 2 * inner.length; i += 2) {
            byte[] hostile = inner.clone();
            if (i < inner.length) {
                hostile[i] ^= (byte) (1 << random.nextInt(8));
            } else {
                hostile = damaged(inner, random);
            }
            assertThat(Stanzas.read(pgp, Encryptions.to(key, hostile), gpg))
                    .matches(text -> text.matches("[A-Z_]+") || text.equals(TEXT));
        }
    }

    private static String read(byte[] message, GnupgDecryption pgp, Gpg gpg) {
        return Stanzas.read(pgp, message, gpg);
    }

    private static byte[] damaged(byte[] good, Random random) {
        byte[] hostile = good.clone();
        for (int n = random.nextInt(4); n >= 0; n--) {
            // Headers are at the beginning: half of the damage goes there.
            hostile[random.nextInt(random.nextBoolean() ? 40 : hostile.length)] = (byte) random.nextInt(256);
        }
        return hostile;
    }

    /** Made now by the client of Debian's fwknop, by way of its library and gpg. */
    @Test
    void realClient() throws Exception {
        Gnupg client = gnupg("client");
        String gate = server.key("gate", "", "rsa2048", "rsa2048");
        String alice = client.key("alice", "", "rsa2048", "rsa2048");
        // In its test mode the client decrypts what it has made, and fails at that; the packet is there before.
        client.octets(server.octets(new byte[0], "--export-secret-keys", gate), "--import");
        client.octets((gate + ":6:\n").getBytes(StandardCharsets.US_ASCII), "--import-ownertrust");
        server.octets(client.octets(new byte[0], "--export", alice), "--import");
        Path packet = folder.resolve("packet");
        String said = new String(
                Gnupg.execute(
                        new byte[0],
                        List.of(
                                "sh",
                                "-c",
                                "fwknop \"$@\" || test -s " + packet,
                                "fwknop",
                                "--no-rc-file",
                                "--no-save-args",
                                "--test",
                                "--verbose",
                                "-D",
                                "127.0.0.1",
                                "-U",
                                "alice",
                                "-a",
                                "192.0.2.10",
                                "-A",
                                "tcp/22",
                                "-B",
                                packet.toString(),
                                "--gpg-encryption",
                                "--gpg-recipient-key",
                                gate,
                                "--gpg-signer-key",
                                alice,
                                "--gpg-home-dir",
                                client.home().toString(),
                                "--gpg-no-signing-pw")),
                StandardCharsets.US_ASCII);
        Gpg gpg = Stanzas.gpg(server.home(), gate, "GPG_ALLOW_NO_PW Y", "GPG_FINGERPRINT_ID " + alice);
        String text = Stanzas.read(
                Stanzas.load(gpg),
                Base64.getDecoder().decode("hQ" + Files.readString(packet).strip()),
                gpg);

        assertThat(text).contains(":YWxpY2U:").contains(":MTkyLjAuMi4xMCx0Y3AvMjI:");
        assertThat(said).contains(text.substring(0, text.lastIndexOf(':')));
    }
}
