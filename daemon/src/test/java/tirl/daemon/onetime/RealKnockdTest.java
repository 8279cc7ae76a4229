package tirl.daemon.onetime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shares one file with the real knockd, in a network of its own. */
@Tag("netns")
class RealKnockdTest {
    private static final String CONFIG = """
            [door]
             one_time_sequences = FOLDER/sequences
             seq_timeout = 20
             tcpflags = syn
             command = echo opened >> FOLDER/opened
            """;

    /** Knocks the used sequence, which must not open, then the next one, and waits until that has. */
    private static final String SCRIPT = """
            ip link set lo up
            /usr/sbin/knockd -i lo -c conf -v > out 2>&1 &
            daemon=$!
            i=0; until grep -q listening out || [ $i -gt 500 ]; do sleep 0.02; i=$((i+1)); done
            knock -d 60 127.0.0.1 7001 8001
            knock -d 60 127.0.0.1 7002 8002
            i=0; until [ -s opened ] || [ $i -gt 500 ]; do sleep 0.02; i=$((i+1)); done
            kill $daemon
            wait $daemon
            cat opened
            """;

    @TempDir
    Path folder;

    private OneTimeFile<Integer> read() throws IOException {
        return OneTimeFile.read(folder.resolve("sequences"), _ -> Optional.of(List.of()), _ -> {});
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void knockd_goesOnWhereWeStoppedAndWeWhereItStopped() throws Exception {
        Files.writeString(folder.resolve("sequences"), "# list\n 7001,8001\n 7002,8002\n 7003,8003\n");
        OneTimeFile<Integer> ours = read();
        assertThat(ours.use(ours.current().orElseThrow())).isTrue();
        Files.writeString(folder.resolve("conf"), CONFIG.replace("FOLDER", folder.toString()));
        Process process = new ProcessBuilder("unshare", "-n", "sh", "-c", SCRIPT)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(output).endsWith("opened\n").containsOnlyOnce("opened");
        assertThat(Files.readString(folder.resolve("sequences")))
                .isEqualTo("# list\n#7001,8001\n#7002,8002\n 7003,8003\n");
        assertThat(read().current().orElseThrow().number()).isEqualTo(4);
    }
}
