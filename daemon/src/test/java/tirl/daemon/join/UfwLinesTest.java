package tirl.daemon.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UfwLinesTest {
    private static final String RULE = "-A ufw-before-input -m mark --mark 0x1000/0x1000 -j ACCEPT";
    private static final String NAT = "*nat\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n";
    private static final String HEAD = "# rules.before\r\n" + NAT
            + "*filter\n:ufw-before-input - [0:0]\n:ufw-not-local - [0:0]\n# End required lines\n";
    /** Not UTF-8, and without an end of the last line: other octets are to stay as they are. */
    private static final String TAIL = "\n# d\u00e9j\u00e0\n-A ufw-before-input -i lo -j ACCEPT\nCOMMIT\n# last";

    @TempDir
    private Path folder = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("before.rules");
        Files.writeString(file, HEAD + TAIL, StandardCharsets.ISO_8859_1);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    }

    private String text() throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    @Test
    void lines_areAtTheHeadOfTheFilter_once_andGoWithoutATrace() throws Exception {
        UfwLines lines = new UfwLines(file, RULE);

        lines.add();
        lines.add();

        assertThat(text())
                .startsWith(HEAD + "# tirl")
                .endsWith("\n# tirl end\n" + TAIL)
                .containsOnlyOnce(RULE);
        assertThat(lines.areIn()).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }

        assertThat(lines.remove()).isTrue();
        assertThat(text()).isEqualTo(HEAD + TAIL);
        assertThat(lines.remove()).isFalse();
    }

    @Test
    void anotherMark_replacesTheOldLines() throws Exception {
        new UfwLines(file, RULE).add();

        new UfwLines(file, RULE.replace("0x1000", "0x20")).add();

        assertThat(text()).doesNotContain(RULE).containsOnlyOnce("0x20/0x20").containsOnlyOnce("# tirl end");
    }

    @Test
    void fileThatIsNotUfws_isLeftAlone() throws IOException {
        Files.writeString(file, NAT);

        assertThatThrownBy(() -> new UfwLines(file, RULE).add()).hasMessageContaining("no section *filter");
        assertThat(text()).isEqualTo(NAT);
    }

    @Test
    void missingFile_hasNothingToTakeAway() throws JoinException {
        assertThat(new UfwLines(folder.resolve("before6.rules"), RULE).remove()).isFalse();
    }
}
