package tirl.client.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.client.Knock;
import tirl.packet.Transport;

class ProfilesTest {
    @TempDir
    private Path directory;

    @Test
    void profile_isRead() throws IOException, ProfileException {
        write("gate", """
                host = 'gate.example'
                port = 2222
                user = 'me'
                lease = '5m'
                pause = '10ms'
                knock = ['tcp/7012', 'udp/5160', 'icmp/echo:64']
                """);

        assertThat(profiles().read("gate"))
                .isEqualTo(new Profile(
                        "gate",
                        "gate.example",
                        2222,
                        Optional.of("me"),
                        Optional.of(Duration.ofMinutes(5)),
                        new Profile.Proof.Sequence(
                                List.of(
                                        new Knock(Transport.TCP, 7012),
                                        new Knock(Transport.UDP, 5160),
                                        new Knock(Transport.ICMP, 64)),
                                Duration.ofMillis(10))));
    }

    @Test
    void profile_isFoundByNameOrHost() throws IOException, ProfileException {
        write("gate", "host = 'gate.example'\nknock = ['tcp/7012']\n");
        write("home", "host = 'gate'\nknock = ['tcp/7013']\n");

        assertThat(profiles().find("gate").host()).isEqualTo("gate.example");
        assertThat(profiles().find("GATE.example").name()).isEqualTo("gate");
        assertThatThrownBy(() -> profiles().find("elsewhere"))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("no profile")
                .hasMessageContaining("gate, home");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            host = 'a'                                    | knock = ["tcp/7012", ...] is missing
            knock = ['tcp/1']                             | host = "..." is missing
            host = 'a'\\nknock = ['tcp/70000']            | gate.toml:2:10: knock:
            host = 'a'\\nknock = 7                        | gate.toml:2:1: knock must be a list
            host = 'a'\\nknock = ['icmp/echo-reply']      | an echo reply cannot be sent
            host = '-oProxyCommand=x'\\nknock = ['tcp/1'] | not begin with a dash
            host = 'a'\\nprot = 3\\nknock = ['tcp/1']     | gate.toml:2:1: "prot" is no key of a profile
            host = 'a'\\nport = 0\\nknock = ['tcp/1']     | port must be a number from 1 to 65535
            host = 'a'\\nlease = 'x'\\nknock = ['tcp/1']  | gate.toml:2:1: lease: "x" is no duration
            host =                                        | gate.toml:1:
            """)
    void mistake_isNamedWithItsPlace(String text, String message) throws IOException {
        write("gate", text.replace("\\n", "\n"));

        assertThatThrownBy(() -> profiles().read("gate"))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining(message);
    }

    @Test
    void fileThatOthersMayRead_isRefused() throws IOException {
        Path file = write("gate", "host = 'a'\nknock = ['tcp/1']\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> profiles().read("gate")).hasMessageContaining("chmod 600 " + file);
    }

    @Test
    void nameThatIsAPath_isRefused() {
        assertThatThrownBy(() -> profiles().read("../gate")).hasMessageContaining("cannot be the name");
        assertThatThrownBy(() -> profiles().read("gate")).hasMessageContaining("there is none yet");
    }

    @Test
    void directory_isTheUsersConfiguration() throws IOException, ProfileException {
        Path tirl = Files.createDirectories(directory.resolve("tirl"));
        Path file = Files.writeString(tirl.resolve("x.toml"), "host = 'a'\nknock = ['tcp/1']\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThat(Profiles.ofUser(Map.of("XDG_CONFIG_HOME", directory.toString()))
                        .names())
                .containsExactly("x");
        assertThat(Profiles.ofUser(Map.of("HOME", directory.toString())).names())
                .isEmpty();
    }

    private Profiles profiles() {
        return new Profiles(directory);
    }

    private Path write(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name + ".toml"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }
}
