package tirl.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CompilerThreadsTest {
    @Test
    void goLast_isOfCompilersOnly() throws IOException {
        int compilers = CompilerThreads.goLast();

        assertThat(compilers).isPositive();
        List<String> nice = niceThreads();
        assertThat(nice)
                .hasSizeGreaterThanOrEqualTo(compilers)
                .allMatch(name -> name.startsWith("C1 ") || name.startsWith("C2 "));
    }

    private static List<String> niceThreads() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            return threads.map(CompilerThreadsTest::stat)
                    .filter(stat -> stat.replaceFirst("(?s).*\\) ", "")
                            .split(" ", -1)[16]
                            .equals("10"))
                    .map(stat -> stat.replaceFirst("^\\d+ \\(", ""))
                    .toList();
        }
    }

    /** See proc_pid_stat(5); the name is in brackets. */
    private static String stat(Path thread) {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (IOException ended) {
            return "0 () " + "0 ".repeat(20);
        }
    }
}
