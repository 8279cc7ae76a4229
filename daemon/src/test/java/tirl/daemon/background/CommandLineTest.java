package tirl.daemon.background;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
    private static final String JAVA = "/opt/jdk/bin/java";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-Xmx1g -p app -m tirl.cli/tirl.cli.Main knockd -d -m x | -Xmx1g -p app -m tirl.cli/tirl.cli.Main",
                "--enable-native-access=tirl.linux --module-path app --module a/b -d | "
                        + "--enable-native-access=tirl.linux --module-path app --module a/b",
                "-jar tirl.jar -d | -jar tirl.jar",
                "-cp a:b @options tirl.Main -d -jar x | -cp a:b @options tirl.Main",
                "tirl.Main | tirl.Main",
            })
    void javaCommand_endsWithItsProgram(String words, String launcher) {
        CommandLine line = CommandLine.of(JAVA, List.of(words.split(" ", -1)));
        assertThat(String.join(" ", line.launcher())).isEqualTo(JAVA + " " + launcher);
        assertThat(line.withArguments(List.of("-c", "x y"))).endsWith("-c", "x y");
    }

    @Test
    void otherExecutable_hasOnlyArguments() {
        assertThat(CommandLine.of("/usr/sbin/tirld", List.of("-d", "-m")).launcher())
                .containsExactly("/usr/sbin/tirld");
    }
}
