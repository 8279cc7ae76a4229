package tirl.client.fwknop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.fwknop.Candidate;
import tirl.fwknop.DigestType;
import tirl.fwknop.HmacKey;
import tirl.packet.Address;

/** Needs the real gpg, which reads again what it was made to write. */
class GnupgTest {
    private static final String PASSPHRASE = "open sesame";
    private static final byte[] HMAC = "another secret".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    static Path shared;

    private static Path home = Path.of("/nonexistent");

    @TempDir
    Path folder;

    /** Once: gpg takes its time for each. */
    @BeforeAll
    static void keys() throws Exception {
        home = Files.createDirectory(
                shared.resolve("home"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        // Elliptic curves: made in no time. RSA is in the lab, for the real fwknopd.
        gpg(new byte[0], "", "--quick-gen-key", "server@tirl.test", "ed25519", "sign", "never");
        gpg(new byte[0], "", "--quick-add-key", fingerprint(), "cv25519", "encr", "never");
        gpg(new byte[0], "", "--quick-gen-key", "open@tirl.test", "ed25519", "sign", "never");
        gpg(new byte[0], PASSPHRASE, "--quick-gen-key", "locked@tirl.test", "ed25519", "sign", "never");
        gpg(new byte[0], "", "--quick-gen-key", "signs-only@tirl.test", "ed25519", "sign", "never");
        stop();
    }

    /** And with it the pass-phrases that the agent remembers. */
    @AfterAll
    static void stop() throws Exception {
        execute(new byte[0], List.of("gpgconf", "--homedir", home.toString(), "--kill", "all"));
    }

    @AfterEach
    void forget() throws Exception {
        Files.deleteIfExists(home.resolve("gpg.conf"));
        stop();
    }

    private static String fingerprint() throws Exception {
        return new String(
                        gpg(new byte[0], "", "--with-colons", "--list-keys", "server@tirl.test"),
                        StandardCharsets.US_ASCII)
                .lines()
                .filter(line -> line.startsWith("fpr:"))
                .findFirst()
                .orElseThrow()
                .split(":", -1)[9];
    }

    private static byte[] gpg(byte[] input, String passphrase, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "gpg",
                "--homedir",
                home.toString(),
                "--batch",
                "--yes",
                "--quiet",
                "--no-auto-check-trustdb",
                "--pinentry-mode",
                "loopback",
                "--passphrase",
                passphrase));
        command.addAll(List.of(words));
        return execute(input, command);
    }

    private static byte[] execute(byte[] input, List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input);
        }
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("%s", command).isZero();
        return output;
    }

    private Plan.Packet packet(String stanza, Optional<byte[]> passphrase, Optional<byte[]> hmac) throws Exception {
        String whole = "[a]\nACCESS tcp/22\nUSE_GPG Y\nGPG_HOMEDIR " + home + "\n" + stanza.replace("|", "\n");
        Plan plan = new Plan(RcText.of(whole).stanza("a").orElseThrow(), new SecureRandom());
        return plan.packet(
                Address.parse("192.0.2.7").orElseThrow(),
                Optional.empty(),
                "alice",
                new Secret(passphrase, hmac),
                InstantSource.system());
    }

    /** What gpg says of the message in a packet: its text, and who signed it. */
    private String opened(String packet) throws Exception {
        Candidate candidate = new Candidate();
        assertThat(candidate.take(packet.getBytes(StandardCharsets.US_ASCII))).isEmpty();
        byte[] message = candidate
                .openPgp(Optional.of(new HmacKey(HMAC, DigestType.SHA256)))
                .orElseThrow()
                .bytes();
        return new String(
                gpg(message, "", "--trust-model", "always", "--status-fd", "1", "--decrypt"), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"open@tirl.test, GPG_NO_SIGNING_PW Y", "open@tirl.test, USE_GPG_AGENT Y", "locked@tirl.test, ''"})
    void packet_isSigned_andForTheServer(String signer, String more) throws Exception {
        Optional<byte[]> passphrase =
                more.isEmpty() ? Optional.of(PASSPHRASE.getBytes(StandardCharsets.UTF_8)) : Optional.empty();
        Plan.Packet packet = packet(
                "GPG_RECIPIENT server@tirl.test|GPG_SIGNER " + signer + "|" + more, passphrase, Optional.of(HMAC));

        assertThat(packet.mode()).isEmpty();
        assertThat(packet.notes()).singleElement().asString().contains("RSA");
        assertThat(opened(packet.text()))
                .contains(packet.message().random() + ":")
                .containsPattern("GOODSIG [0-9A-F]+ <?" + signer);
    }

    /** A gpg.conf that would make it longer than a packet may be, or no packet at all. */
    @Test
    void packet_isTheSame_whateverGpgConfSays() throws Exception {
        Files.writeString(home.resolve("gpg.conf"), "armor\nencrypt-to " + fingerprint() + "\nthrow-keyids\n");

        Plan.Packet packet = packet("GPG_RECIPIENT server@tirl.test", Optional.empty(), Optional.of(HMAC));

        assertThat(opened(packet.text()))
                .contains(packet.message().random() + ":")
                .doesNotContain("GOODSIG");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        GPG_SIGNER open@tirl.test                               ; --gpg-recipient-key KEY
        GPG_RECIPIENT nobody@tirl.test                          ; gpg has no key nobody@tirl.test
        GPG_RECIPIENT tirl.test                                 ; is the name of 4 keys
        GPG_RECIPIENT server@tirl.test|GPG_SIGNER nobody        ; gpg has no private key nobody
        GPG_RECIPIENT signs-only@tirl.test                      ; gpg did not encrypt
        GPG_RECIPIENT server@tirl.test|GPG_SIGNER locked@tirl.test; gpg did not encrypt
        GPG_RECIPIENT server@tirl.test|GPG_EXE /nonexistent/gpg ; --gpg-exe PATH
        GPG_RECIPIENT server@tirl.test|GPG_HOMEDIR /nonexistent ; --gpg-home-dir
        """)
    void whatGpgCannotDo_isOneSentence(String stanza, String message) {
        assertThatThrownBy(() -> packet(stanza, Optional.empty(), Optional.empty()))
                .isInstanceOf(FwknopException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void wrongPassphrase_isSaid_andNotShown() {
        assertThatThrownBy(() -> packet(
                        "GPG_RECIPIENT server@tirl.test|GPG_SIGNER locked@tirl.test",
                        Optional.of("not it".getBytes(StandardCharsets.US_ASCII)),
                        Optional.empty()))
                .hasMessageContaining("Bad passphrase")
                .hasMessageNotContaining("not it");
    }

    /** No secret is where other users could read it. */
    @Test
    void passphraseAndText_areNotOnTheCommandLine() throws Exception {
        Path spy = folder.resolve("spy");
        Files.writeString(spy, "#!/bin/sh\necho \"$*\" >> " + folder.resolve("words") + "\nexec gpg \"$@\"\n");
        Files.setPosixFilePermissions(spy, PosixFilePermissions.fromString("rwx------"));
        Plan.Packet packet = packet(
                "GPG_RECIPIENT server@tirl.test|GPG_SIGNER locked@tirl.test|GPG_EXE " + spy,
                Optional.of(PASSPHRASE.getBytes(StandardCharsets.UTF_8)),
                Optional.of(HMAC));

        assertThat(Files.readString(folder.resolve("words")))
                .contains("--passphrase-fd 0", "--recipient server@tirl.test")
                .doesNotContain(PASSPHRASE, packet.message().random());
    }

    /** A key whose messages are longer than a packet may be. */
    @Test
    void tooLong_isRefused() throws Exception {
        Path shim = folder.resolve("long");
        String message = Base64.getEncoder().encodeToString(new byte[1200]);
        Files.writeString(
                shim,
                "#!/bin/sh\ncase \"$*\" in *--list*) exec gpg \"$@\";; esac\ncat >/dev/null\necho " + message
                        + " | base64 -d\n");
        Files.setPosixFilePermissions(shim, PosixFilePermissions.fromString("rwx------"));

        assertThatThrownBy(() ->
                        packet("GPG_RECIPIENT server@tirl.test|GPG_EXE " + shim, Optional.empty(), Optional.empty()))
                .hasMessageContaining("longer than a packet may be")
                .isNotInstanceOf(IOException.class);
    }
}
