package tirl.daemon.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
    @TempDir
    Path folder;

    @Test
    void pidFile_holdsThePidAndGoesAtTheEnd() throws IOException {
        Path path = folder.resolve("knockd.pid");
        Files.writeString(path, "12345678 of a dead daemon");
        try (PidFile _ = PidFile.create(path)) {
            assertThat(Files.readString(path)).isEqualTo(ProcessHandle.current().pid() + "\n");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-r--r--");
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void pidFileOfAnotherDaemon_stays() throws IOException {
        Path path = folder.resolve("knockd.pid");
        try (PidFile _ = PidFile.create(path)) {
            Files.writeString(path, "1\n");
        }
        assertThat(path).hasContent("1\n");
    }

    @Test
    void removedPidFile_isNoError() throws IOException {
        Path path = folder.resolve("knockd.pid");
        try (PidFile _ = PidFile.create(path)) {
            Files.delete(path);
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void pathThatCannotBeWritten_isKnockdsError() {
        assertThatThrownBy(() -> PidFile.create(folder.resolve("no/such.pid")))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "could not create pid file " + folder.resolve("no/such.pid") + ": No such file or directory");
        assertThatThrownBy(() -> PidFile.create(folder))
                .hasMessage("could not create pid file " + folder + ": Is a directory");
    }
}
