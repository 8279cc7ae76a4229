package tirl.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher {@code ./tirl} of a checkout; all other tests run the image. */
@Tag("netns")
class CheckoutTest {
    private static final Path LAUNCHER = Path.of(System.getProperty("tirl.repository", ".."), "tirl")
            .toAbsolutePath()
            .normalize();

    @TempDir
    private Path folder = Path.of("/nonexistent");

    @Test
    void daemonAndLinkNamedKnock_openADoor() throws IOException {
        Path config = folder.resolve("tirl.toml");
        Files.writeString(
                config,
                "[daemon]\ninterfaces = [\"srv0\"]\ncontrol = \"" + folder.resolve("control.sock") + "\"\nstate = \""
                        + folder.resolve("state") + "\"\n" + Doors.plain());
        Path knock = Files.createSymbolicLink(folder.resolve("knock"), LAUNCHER);
        try (Network network = Network.create();
                EchoService _ = EchoService.listen(network.server(), Site.SSH);
                Background serve = network.server().start(LAUNCHER.toString(), "serve", "-c", config.toString())) {
            Await.until(
                    () -> "ready; " + serve.err(),
                    KnockDaemon.START_LIMIT,
                    () -> serve.err().contains(" ready: "));
            Client client = network.client();
            String server = network.wire().serverIpv4();

            client.run(knock.toString(), "-d", "5", server, "7000", "8000", "9000")
                    .orThrow();

            Await.until(
                    () -> "ssh opens; " + serve.err(), Site.SOON, () -> client.connects(server, Site.SSH, Site.PROBE));
        }
    }
}
