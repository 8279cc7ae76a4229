package tirl.daemon.spa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tirl.spa.X25519PrivateKey;

class ServerKeyTest {
    @TempDir
    private Path folder = Path.of("/nonexistent");

    private X25519PrivateKey open(Optional<String> known) throws SpaException {
        return ServerKey.open(folder.resolve("state"), known, new SecureRandom()::nextBytes);
    }

    private Path file() {
        return folder.resolve("state").resolve(ServerKey.NAME);
    }

    @Test
    void key_isMadeOnce_forItsOwnerOnly() throws Exception {
        String made = open(Optional.empty()).publicKey().toString();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(open(Optional.of(made)).publicKey()).hasToString(made);
        assertThat(open(Optional.empty()).publicKey()).hasToString(made);
        try (var files = Files.list(file().resolveSibling(""))) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void keyThatIsGone_isNotReplaced_whileDevicesKnowIt() throws Exception {
        String made = open(Optional.empty()).publicKey().toString();
        Files.delete(file());
        refused(Optional.of(made), "is gone, and devices are enrolled with it");
        assertThat(file()).doesNotExist();
        String other = open(Optional.empty()).publicKey().toString();
        assertThat(other).isNotEqualTo(made);
        refused(Optional.of(made), "is not the key that the devices");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tirl-spa-key-1", "tirl-spa-key-1 %s", "tirl-spa-key-1 %s %s", "tirl-spa-key-2 %s %s"})
    void damagedKey_isRefused_andLeftAsItIs(String text) throws Exception {
        open(Optional.empty());
        String damaged = text.formatted("00".repeat(32), "11".repeat(32));
        Files.writeString(file(), damaged);
        refused(Optional.empty(), "is damaged");
        assertThat(file()).hasContent(damaged);
    }

    @Test
    void oneBitOff_isDamage() throws Exception {
        open(Optional.empty());
        String text = Files.readString(file());
        int at = text.indexOf(' ') + 9;
        Files.writeString(
                file(), text.substring(0, at) + (text.charAt(at) == '0' ? '1' : '0') + text.substring(at + 1));
        refused(Optional.empty(), "is damaged");
    }

    @Test
    void keyThatOthersCanRead_isRefused() throws Exception {
        open(Optional.empty());
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));
        refused(Optional.empty(), "chmod 600 " + file());
    }

    private void refused(Optional<String> known, String words) {
        assertThatThrownBy(() -> open(known))
                .isInstanceOf(SpaException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining(words);
    }
}
