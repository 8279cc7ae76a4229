package tirl.daemon.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFileTest {
    @TempDir
    private Path folder = Path.of("/nonexistent");

    private Path file = Path.of("/nonexistent");

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("tirl.toml");
        Files.writeString(file, "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    }

    @Test
    void replace_keepsMode_andTheTextBefore() throws IOException {
        new OwnFile(file).replace("new", "confirmed");

        assertThat(file).hasContent("new");
        assertThat(folder.resolve("tirl.toml.before")).hasContent("old");
        assertThat(mode(file)).isEqualTo("rw-r-----");
        assertThat(mode(folder.resolve("tirl.toml.before"))).isEqualTo("rw-r-----");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("tirl.toml", "tirl.toml.before");
    }

    /** {@code tirl try} of the daemon's own file, edited in place. */
    @Test
    void replace_bySameText_keepsWhatWasConfirmed() throws IOException {
        new OwnFile(file).replace("old", "confirmed");

        assertThat(file).hasContent("old");
        assertThat(folder.resolve("tirl.toml.before")).hasContent("confirmed");
    }

    /** Configuration management links it there; the link stays one. */
    @Test
    void replace_ofALink_replacesWhatItPointsTo() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.toml"), file);

        new OwnFile(link).replace("new", "confirmed");

        assertThat(link).isSymbolicLink().hasContent("new");
        assertThat(file).hasContent("new");
    }

    @Test
    void check_leavesNothing_andFailsWhereReplaceWould() throws IOException {
        new OwnFile(file).checkReplaceable();
        assertThat(folder.toFile().list()).containsExactly("tirl.toml");

        Files.createDirectories(folder.resolve("tirl.toml.new").resolve("full"));
        assertThatThrownBy(new OwnFile(file)::checkReplaceable).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new OwnFile(file).replace("new", "confirmed")).isInstanceOf(IOException.class);
        assertThat(file).hasContent("old");
        Files.delete(file);
        assertThatThrownBy(new OwnFile(file)::checkReplaceable).isInstanceOf(IOException.class);
        assertThat(new OwnFile(file).says("old")).isFalse();
    }

    @Test
    void confirmedText_isForItsOwnerOnly_andGoesWhenDropped() throws IOException {
        ConfirmedText kept = new ConfirmedText(folder.resolve("state"));
        assertThat(kept.read()).isEmpty();
        kept.drop();

        kept.keep("first");
        kept.keep("second");

        assertThat(kept.read()).contains("second");
        assertThat(mode(kept.file())).isEqualTo("rw-------");
        assertThat(mode(folder.resolve("state"))).isEqualTo("rwx------");
        assertThat(mode(folder.resolve("state/trial"))).isEqualTo("rwx------");
        kept.drop();
        assertThat(kept.read()).isEmpty();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
