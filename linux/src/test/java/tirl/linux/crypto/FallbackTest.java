package tirl.linux.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host without OpenSSL, with a damaged one, and one whose configuration is not for us. */
class FallbackTest {
    private static final String PRIVATE = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
    private static final String PUBLIC = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private List<String> run(String variable, Path value) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        String.join(
                                ":",
                                Path.of("target", "test-classes")
                                        .toAbsolutePath()
                                        .toString(),
                                System.getProperty("java.class.path"),
                                System.getProperty("jdk.module.path", "")),
                        QuickestProgram.class.getName(),
                        PRIVATE)
                .redirectErrorStream(true);
        builder.environment().put(variable, value.toString());
        Process process = builder.start();
        try (var output = process.getInputStream()) {
            return new String(output.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void libraryThatCannotBeLoaded_leavesItToJava_withTheSameKey() throws Exception {
        Files.writeString(folder.resolve(Libcrypto.NAME), "");
        List<String> said = run("LD_LIBRARY_PATH", folder);
        assertThat(said).hasSize(2).last().isEqualTo(PUBLIC);
        assertThat(said.getFirst())
                .startsWith("Java, as libcrypto.so.3 is not there")
                .contains("libssl3");
    }

    /** A provider named in it would be code of anybody's in the daemon. */
    @Test
    void configurationOfOpenssl_isNotRead() throws Exception {
        Path pipe = folder.resolve("openssl.cnf");
        Files.writeString(pipe, """
                openssl_conf = all
                [all]
                alg_section = evp
                [evp]
                default_properties = provider=nobody
                """);
        List<String> said = run("OPENSSL_CONF", pipe);
        assertThat(said).hasSize(2).last().isEqualTo(PUBLIC);
        assertThat(said.getFirst()).startsWith("OpenSSL 3.");
    }
}
