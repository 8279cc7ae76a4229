package tirl.daemon.onetime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneTimeFileTest {
    @TempDir
    Path folder;

    private Path path = Path.of("/");
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void name() {
        path = folder.resolve("sequences");
    }

    private OneTimeFile<Integer> file(String content) throws IOException {
        Files.writeString(path, content);
        return OneTimeFile.read(path, OneTimeFileTest::ports, warnings::add);
    }

    /** As much of knockd's form as matters here. */
    private static Optional<List<Integer>> ports(String line) {
        if (!line.matches("[0-9]+(,[0-9]+)*")) {
            return Optional.empty();
        }
        return Optional.of(Stream.of(line.split(",", -1)).map(Integer::valueOf).toList());
    }

    private static List<Integer> current(OneTimeFile<Integer> file) {
        return file.current().map(OneTimeLine::sequence).orElse(List.of());
    }

    private static boolean useCurrent(OneTimeFile<Integer> file) throws IOException {
        return file.use(file.current().orElseThrow());
    }

    @Test
    void firstUsableLine_isCurrent() throws IOException {
        OneTimeFile<Integer> file = file("# used\n\n  \t\n  # too\n 1,2,3\r\n4,5,6\n");
        assertThat(file.current()).hasValue(new OneTimeLine<>(20, 5, " 1,2,3\r", List.of(1, 2, 3)));
        assertThat(warnings).isEmpty();
    }

    @Test
    void usedLine_getsAHashOverItsBlankAndTheNextCounts() throws IOException {
        OneTimeFile<Integer> file = file("# c\n 1,2,3\n\n 4,5,6\n 7,8,9");
        assertThat(useCurrent(file)).isTrue();
        assertThat(path).hasContent("# c\n#1,2,3\n\n 4,5,6\n 7,8,9");
        assertThat(current(file)).containsExactly(4, 5, 6);
        assertThat(useCurrent(file)).isTrue();
        assertThat(useCurrent(file)).isTrue();
        assertThat(Files.readString(path)).isEqualTo("# c\n#1,2,3\n\n#4,5,6\n#7,8,9");
    }

    @Test
    void lineWithoutABlank_losesItsFirstDigitAsWithKnockd() throws IOException {
        OneTimeFile<Integer> file = file("7000,8000\n9000\n");
        assertThat(useCurrent(file)).isTrue();
        assertThat(Files.readString(path)).isEqualTo("#000,8000\n9000\n");
    }

    @Test
    void lastLine_leavesAnEmptyFileAndNoError() throws IOException {
        OneTimeFile<Integer> file = file(" 1,2,3\n");
        assertThat(useCurrent(file)).isTrue();
        assertThat(file.current()).isEmpty();
        assertThat(warnings).singleElement().asString().contains("no sequence is left");
        Files.writeString(path, "#1,2,3\n 4,5\n");
        file.reload();
        assertThat(current(file)).containsExactly(4, 5);
    }

    @Test
    void unusableLine_isSkippedAndReportedOnce() throws IOException {
        OneTimeFile<Integer> file = file(" one,two\n 1,2\n 3,4\n");
        assertThat(current(file)).containsExactly(1, 2);
        assertThat(useCurrent(file)).isTrue();
        // knockd marks the unusable line instead, and the good one works twice.
        assertThat(Files.readString(path)).isEqualTo(" one,two\n#1,2\n 3,4\n");
        file.reload();
        assertThat(warnings).singleElement().asString().contains("sequences:1: this is no sequence");
    }

    @Test
    void reload_takesTheFileAsItIs() throws IOException {
        OneTimeFile<Integer> file = file(" 1,2\n");
        Files.writeString(path, " 3,4\n");
        assertThat(current(file)).containsExactly(1, 2);
        file.reload();
        assertThat(current(file)).containsExactly(3, 4);
    }

    @Test
    void lineMovedByAnEdit_isMarkedWhereItIsNow() throws IOException {
        OneTimeFile<Integer> file = file(" 1,2\n 3,4\n");
        Files.writeString(path, "# a comment, new\n 1,2\n 3,4\n");
        assertThat(useCurrent(file)).isTrue();
        assertThat(Files.readString(path)).isEqualTo("# a comment, new\n#1,2\n 3,4\n");
    }

    @Test
    void lineChangedByAnEdit_isNotTouched() throws IOException {
        OneTimeFile<Integer> file = file(" 1,2\n 3,4\n");
        Files.writeString(path, " 9,2\n 3,4\n");
        assertThat(useCurrent(file)).isFalse();
        assertThat(Files.readString(path)).isEqualTo(" 9,2\n 3,4\n");
        assertThat(current(file)).containsExactly(9, 2);
        assertThat(warnings).singleElement().asString().contains("changed or used");
    }

    @Test
    void lineUsedByAnother_isNotUsedTwice() throws IOException {
        OneTimeFile<Integer> file = file(" 1,2\n 3,4\n");
        OneTimeFile<Integer> other = OneTimeFile.read(path, OneTimeFileTest::ports, warnings::add);
        assertThat(useCurrent(other)).isTrue();
        assertThat(useCurrent(file)).isFalse();
        assertThat(current(file)).containsExactly(3, 4);
        assertThat(Files.readString(path)).isEqualTo("#1,2\n 3,4\n");
    }

    @Test
    void fileThatCannotBeMarked_lendsNoSequenceTwice() throws IOException {
        OneTimeFile<Integer> file = file(" 1,2\n 3,4\n");
        OneTimeLine<Integer> line = file.current().orElseThrow();
        Path away = folder.resolve("away");
        Files.move(path, away);
        Files.createDirectory(path);
        assertThatThrownBy(() -> file.use(line)).isInstanceOf(IOException.class);
        assertThat(file.current()).isEmpty();
        Files.delete(path);
        Files.move(away, path);
        file.reload();
        assertThat(current(file)).containsExactly(3, 4);
    }

    @Test
    void missingFile_isAClearError() {
        assertThatThrownBy(() -> OneTimeFile.read(path, OneTimeFileTest::ports, warnings::add))
                .isInstanceOf(IOException.class)
                .hasMessage(path + ": no such file of one-time sequences");
    }

    @Test
    void otherBytes_areKept() throws IOException {
        byte[] before = {'#', (byte) 0xff, (byte) 0xc3, '\n', ' ', '1', '\n', (byte) 0xe9, '\n'};
        Files.write(path, before);
        OneTimeFile<Integer> file = OneTimeFile.read(path, OneTimeFileTest::ports, warnings::add);
        assertThat(useCurrent(file)).isTrue();
        byte[] after = before.clone();
        after[4] = '#';
        assertThat(Files.readAllBytes(path)).isEqualTo(after);
    }
}
