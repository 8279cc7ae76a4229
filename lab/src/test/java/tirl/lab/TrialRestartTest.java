package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A trial that a restart of the daemon comes into. */
@Tag("netns")
class TrialRestartTest {
    private static final List<String> INTERFACES = List.of("srv0");
    private static final String CONFIG = Doors.plain() + Glass.SECTION;

    private Site site;

    @BeforeEach
    void startDaemon() {
        site = Site.with(CONFIG);
    }

    @AfterEach
    void stopDaemon() {
        site.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM"})
    void restartDuringATrialOfItsOwnFile_usesTheConfirmedText(String signal) {
        Client client = site.client();
        site.tirl.write(INTERFACES, Trying.OTHER);
        site.tirl.control("reload", "--try", "--within", "60s").orThrow();
        assertReach(client, Site.DNS, Reach.SILENT);
        site.tirl.end(signal);
        site.tirl.restart();

        assertThat(site.tirl.log()).contains("was tried and NOT confirmed");
        assertReach(client, Site.DNS, Reach.OPEN);
        site.knockPlain(client);
        assertThat(site.tirl.control("status").orThrow().out()).contains("NOT in use");

        site.tirl.control("confirm").orThrow();
        assertReach(client, Site.DNS, Reach.SILENT);
        assertThat(kept()).doesNotExist();
        assertThat(site.tirl.control("status").orThrow().out()).doesNotContain("NOT in use");
    }

    /** A reboot weeks after a trial that failed must not bring the lock-out that the trial prevented. */
    @Test
    void restartAfterGoingBack_doesNotUseTheFileThatWasTried() {
        site.tirl.write(INTERFACES, Trying.OTHER);
        site.tirl.control("reload", "--try", "--within", "1s").orThrow();
        Trying.awaitBack(site.tirl);
        site.tirl.end("KILL");
        site.tirl.restart();
        assertReach(site.client(), Site.DNS, Reach.OPEN);
        site.knockPlain(site.client());

        site.tirl.control("reload").orThrow();
        assertReach(site.client(), Site.DNS, Reach.SILENT);
        assertThat(kept()).doesNotExist();
    }

    @Test
    void restartDuringATrialOfAnotherFile_usesItsOwn() {
        Trying.begin(site.tirl, Trying.OTHER, "60s");
        site.tirl.end("KILL");
        site.tirl.restart();

        assertThat(site.tirl.log()).contains("had not been confirmed");
        assertReach(site.client(), Site.DNS, Reach.OPEN);
        assertThat(kept()).doesNotExist();
    }

    private void assertReach(Client client, int port, Reach reach) {
        assertThat(client.reach(site.ipv4(), port, Site.PROBE))
                .as("port %s for %s; the log:\n%s", port, client, site.tirl.log())
                .isEqualTo(reach);
    }

    private Path kept() {
        return site.tirl.state().resolve("trial").resolve("confirmed.toml");
    }
}
