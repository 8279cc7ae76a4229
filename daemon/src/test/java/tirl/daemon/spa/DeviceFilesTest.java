package tirl.daemon.spa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tirl.daemon.control.ControlException;

class DeviceFilesTest {
    @TempDir
    private Path folder = Path.of("/nonexistent");

    private Path files = Path.of("/nonexistent");

    @SuppressWarnings("NullAway.Init")
    private DeviceSite site;

    @BeforeEach
    void start() throws Exception {
        files = folder.resolve("devices.d");
        Files.createDirectory(files);
        site = new DeviceSite(folder.resolve("state"), Optional.of(files));
    }

    @AfterEach
    void end() {
        site.close();
    }

    private void reload() throws SpaException {
        site.devices.follow(site.devices.read(site.spa()));
    }

    /** A device that was enrolled here, and is in a file now instead of in the store. */
    private Phone moved(String name) throws Exception {
        Phone phone = site.join(name);
        String text = exported(name);
        Object _ = site.ask(Map.of("command", "device-revoke", "name", name));
        write(name, text);
        return phone;
    }

    private String exported(String name) throws ControlException {
        return site.exported().stream()
                .map(each -> (Map<?, ?>) each)
                .filter(each -> name.equals(each.get("name")))
                .map(each -> String.valueOf(each.get("text")))
                .findFirst()
                .orElseThrow();
    }

    private void write(String name, String text) throws IOException {
        Path file = files.resolve(name + ".toml");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    private void edit(String name, String what, String with) throws IOException {
        Path file = files.resolve(name + ".toml");
        Files.writeString(file, Files.readString(file).replace(what, with));
    }

    @Test
    void filesComeAndGoAndChange_andTheOthersKeepTheirWindows() throws Exception {
        Phone anna = moved("anna");
        Phone bob = moved("bob");
        assertThat(site.open(anna)).isEqualTo("noise");
        reload();
        byte[] recorded = anna.open(site.nowMs.get());
        assertThat(site.hear(recorded)).isEqualTo("heard anna");
        assertThat(site.open(bob)).isEqualTo("heard bob");
        assertThat(site.listed("bob").orElseThrow().get("file")).isEqualTo(true);

        site.leases.open("bob", "ssh");
        Files.delete(files.resolve("bob.toml"));
        edit("anna", "longest = \"2h\"", "longest = \"5m\"");
        reload();
        assertThat(site.open(bob)).isEqualTo("noise");
        assertThat(site.leases.labels()).isEmpty();
        assertThat(site.listed("anna").orElseThrow().get("longest")).isEqualTo("5m");
        assertThat(site.hear(recorded)).isEqualTo("noise");
        assertThat(site.open(anna)).isEqualTo("heard anna");

        site.restart();
        assertThat(site.hear(recorded)).isEqualTo("refused REPLAY");
        assertThat(site.open(anna)).isEqualTo("heard anna");
        assertThat(site.listed("anna").orElseThrow().get("grants")).isEqualTo(3L);
    }

    @Test
    void fileThatComesBack_takesNoOldPacket() throws Exception {
        Phone anna = moved("anna");
        reload();
        byte[] recorded = anna.open(site.nowMs.get());
        assertThat(site.hear(recorded)).isEqualTo("heard anna");
        Path file = files.resolve("anna.toml");
        Path away = folder.resolve("away");
        Files.move(file, away);
        reload();
        assertThat(site.open(anna)).isEqualTo("noise");
        Files.move(away, file);
        reload();
        assertThat(site.hear(recorded)).isEqualTo("noise");
        assertThat(site.open(anna)).isEqualTo("heard anna");
        assertThat(site.listed("anna").orElseThrow().get("grants")).isEqualTo(2L);
    }

    @Test
    void wrongFile_isOneClearError_andNothingChanges() throws Exception {
        Phone anna = moved("anna");
        Phone bob = moved("bob");
        reload();
        Files.delete(files.resolve("bob.toml"));
        Path file = files.resolve("anna.toml");
        edit("anna", "longest", "longst");
        refused(file + ":6:1: ");
        refused("did you mean \"longest\"?");
        edit("anna", "longst", "longest");
        edit("anna", "name = \"anna\"", "name = \"anne\"");
        refused(file + ": its device is named \"anne\"");
        edit("anna", "anne", "anna");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        refused("chmod 600 " + file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(files, PosixFilePermissions.fromString("rwxrwx---"));
        refused("chmod go-w " + files);
        Files.setPosixFilePermissions(files, PosixFilePermissions.fromString("rwxr-x---"));
        write("copy", Files.readString(file).replace("name = \"anna\"", "name = \"copy\""));
        refused("has the same key");
        assertThat(site.open(anna)).isEqualTo("heard anna");
        assertThat(site.open(bob)).isEqualTo("heard bob");
        Files.delete(files.resolve("copy.toml"));
        reload();
        assertThat(site.open(anna)).isEqualTo("heard anna");
        assertThat(site.open(bob)).isEqualTo("noise");
    }

    @Test
    void nameInStoreAndDirectory_isAnError() throws Exception {
        Phone anna = site.join("anna");
        write("anna", exported("anna"));
        refused("anna.toml: there is a device or an invitation of this name already");
        assertThat(site.open(anna)).isEqualTo("heard anna");
        assertThatThrownBy(site::restart).isInstanceOf(SpaException.class).hasMessageContaining("anna.toml");
    }

    @Test
    void deviceOfAFile_isChangedThereOnly() throws Exception {
        Phone anna = moved("anna");
        reload();
        for (Map<String, Object> request : List.<Map<String, Object>>of(
                Map.of("command", "device-revoke", "name", "anna"),
                Map.of("command", "device-replace", "name", "anna"),
                Map.of("command", "device-rename", "name", "anna", "to", "bob"),
                Map.of("command", "device-change", "name", "anna", "rules", Map.of("leases", 1)))) {
            assertThatThrownBy(() -> site.ask(request))
                    .isInstanceOf(ControlException.class)
                    .hasMessageContaining(files.resolve("anna.toml").toString())
                    .hasMessageContaining("tirl reload");
        }
        assertThat(site.hear(anna.rotate(Phone.newKey().publicKey(), site.nowMs.get())))
                .isEqualTo("cannot be");
        assertThatThrownBy(() -> site.invite("anna")).hasMessageContaining("already");
        assertThat(site.open(anna)).isEqualTo("heard anna");
    }

    private void refused(String words) {
        assertThatThrownBy(this::reload).isInstanceOf(SpaException.class).hasMessageContaining(words);
    }
}
