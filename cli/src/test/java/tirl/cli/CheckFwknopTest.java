package tirl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code tirl check} of fwknopd's directory. */
class CheckFwknopTest {
    private static final String STANZA = "SOURCE ANY\nOPEN_PORTS tcp/22\nREQUIRE_SOURCE_ADDRESS Y\n";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private int check(String conf, String access) throws IOException {
        Files.writeString(folder.resolve("fwknopd.conf"), conf);
        Files.writeString(folder.resolve("access.conf"), access);
        CommandLine line = Main.commandLine("check");
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute("check", folder.toString());
    }

    @Test
    void goodDirectory_isGood() throws IOException {
        assertThat(check("", STANZA + "KEY key\nHMAC_KEY hmac\n")).isZero();
        assertThat(out.toString()).isEqualTo(folder + ": good: 1 services, 0 doors" + System.lineSeparator());
    }

    /** As the daemon would, and before it does. */
    @Test
    void gnupgKeysThatCannotBeUsed_areAnErrorWithItsRemedy() throws IOException {
        Path home = folder.resolve("gnupg");
        Files.createDirectory(home);
        String gpg = "GPG_HOME_DIR " + home + "\nGPG_DECRYPT_ID ABCD1234\nGPG_ALLOW_NO_PW Y\nGPG_FINGERPRINT_ID ANY\n";

        assertThat(check("", STANZA + gpg)).isEqualTo(1);

        assertThat(err.toString())
                .contains("no keys in " + home + " that can be read; run umask 077; gpg --homedir " + home);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void tcpServerThatNobodyWouldHear_isAWarning() throws IOException {
        String keys = "KEY key\nHMAC_KEY hmac\n";
        assertThat(check("ENABLE_TCP_SERVER Y\nTCPSERV_PORT 8080\n", STANZA + keys))
                .isZero();
        assertThat(err.toString())
                .contains("fwknopd.conf:1: ENABLE_TCP_SERVER: only UDP is heard", "tcp port 8080 too");

        err.getBuffer().setLength(0);
        assertThat(check("ENABLE_TCP_SERVER Y\nPCAP_FILTER port 62201\n", STANZA + keys))
                .isZero();
        assertThat(err.toString()).doesNotContain("ENABLE_TCP_SERVER");
    }
}
