package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hooks and one-time sequences at tirl's own doors. */
@Tag("netns")
class HookTest {
    private static final int[] HOOKED = {7300, 8300, 9300};

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private Path said = Path.of("/nonexistent");
    private Path sequences = Path.of("/nonexistent");
    private Site site;

    @BeforeEach
    void startDaemon() throws IOException {
        said = folder.resolve("said");
        sequences = Files.writeString(folder.resolve("once"), " 4001,4003\n 5001:udp,nonsense:x\n 5001,5003,5002\n");
        site = Site.with("state = \"" + folder.resolve("state") + "\"\n"
                + Doors.plain()
                + Doors.door("hooked", "tcp/7300 tcp/8300 tcp/9300", "for = \"3s\"", says("start"), says("stop"))
                + "[[door]]\nname = \"once\"\nopens = [\"ssh\"]\nfor = \"2s\"\none-time = \"" + sequences + "\"\n");
    }

    @AfterEach
    void stopDaemon() {
        site.close();
    }

    private String says(String hook) {
        return hook + " = \"echo " + hook + " %IP% >> " + said + "\"";
    }

    @Test
    void leaseWithHooks_runsThemOnceEach_alsoWhenItIsExtended() {
        Client client = site.client();
        knock(client);
        knock(client);

        awaitSaid("start " + client.ipv4(), "stop " + client.ipv4());
        site.awaitShut(client, site.ipv4(), Duration.ofSeconds(5));
    }

    @Test
    void revokedLease_runsItsStopHookAtOnce() {
        Client client = site.client();
        knock(client);
        awaitSaid("start " + client.ipv4());

        site.tirl.control("revoke", client.ipv4()).orThrow();

        Await.until(
                "the stop hook long before the lease's own end",
                Duration.ofMillis(1500),
                () -> said().contains("stop " + client.ipv4()));
    }

    @Test
    void killedDaemon_stopHookRunsAtTheNextStart() {
        Client client = site.client();
        knock(client);
        awaitSaid("start " + client.ipv4());

        assertThat(site.tirl.end("KILL")).isNotZero();
        site.awaitShut(client, site.ipv4(), Duration.ofSeconds(6));
        assertThat(said()).containsExactly("start " + client.ipv4());
        site.tirl.restart();

        awaitSaid("start " + client.ipv4(), "stop " + client.ipv4());
    }

    @Test
    void oneTimeSequences_openOnceEach_andTheLastLeavesOtherDoorsAlone() throws IOException {
        Client first = site.client();
        first.syns(site.ipv4(), Site.PACE, 4001, 4003);
        site.assertOpens(first, site.ipv4());
        assertThat(Files.readString(sequences)).startsWith("#4001,4003\n 5001");

        Client replay = site.client();
        replay.syns(site.ipv4(), Site.PACE, 4001, 4003);
        site.assertStaysShut(replay, site.ipv4());

        Client second = site.client();
        second.syns(site.ipv4(), Site.PACE, 5001, 5003, 5002);
        site.assertOpens(second, site.ipv4());
        assertThat(Files.readString(sequences)).endsWith("#5001,5003,5002\n");

        Client late = site.client();
        late.syns(site.ipv4(), Site.PACE, 5001, 5003, 5002);
        site.assertStaysShut(late, site.ipv4());
        site.tirl.reload("reloaded");
        site.knockPlain(site.client());
    }

    private void knock(Client client) {
        client.syns(site.ipv4(), Site.PACE, HOOKED);
        site.assertOpens(client, site.ipv4());
    }

    private void awaitSaid(String... lines) {
        Await.until(
                () -> List.of(lines) + ", but was " + said() + "; the log:\n" + site.tirl.log(),
                Duration.ofSeconds(8),
                () -> said().equals(List.of(lines)));
    }

    private List<String> said() {
        try {
            return Files.exists(said) ? Files.readAllLines(said) : List.of();
        } catch (IOException e) {
            throw new LabException("could not read " + said, e);
        }
    }
}
