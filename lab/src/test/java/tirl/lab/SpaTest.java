package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Enrolment and what a device gets, by the commands of both sides. */
@Tag("netns")
class SpaTest {
    private Site site;
    private Visitor anna;

    @BeforeEach
    void start() {
        site = Site.practising(SpaDoors.CONFIG);
        anna = new Visitor(site.client());
    }

    @AfterEach
    void stop() {
        anna.close();
        site.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipv4", "ipv6"})
    void invitedAndJoined_opensForHerOnly(String family) throws IOException {
        String host = site.address(family);
        SpaDoors.enrol(site, anna, host);
        assertThat(Files.getPosixFilePermissions(anna.home().resolve(".config/tirl/gate.toml")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        site.assertShut(anna.client, host);

        Output opened = anna.run("open", "gate", "--wait");

        assertThat(opened.exit()).as(opened + site.tirl.log()).isZero();
        assertThat(opened.out()).containsPattern("open after \\d+ ms");
        assertThat(anna.client.connects(host, Site.SSH, Site.PROBE)).isTrue();
        site.assertShut(site.client(), host);
        assertThat(LeaseRow.of(site.tirl)).singleElement().satisfies(lease -> {
            assertThat(lease.door()).isEqualTo("anna/ssh");
            assertThat(lease.left()).isBetween(50.0, 60.0);
        });
    }

    @Test
    void hostWithBothVersions_isOpenedOverBothInOneGo() throws IOException {
        try (HostName name = HostName.of(site, "gate.test")) {
            SpaDoors.enrol(site, anna, name.name());

            anna.run("open", "gate", "--wait").orThrow();

            for (String host : List.of(site.ipv4(), site.ipv6())) {
                Await.until(
                        () -> "both are open: " + LeaseRow.of(site.tirl),
                        Site.SOON,
                        () -> anna.client.connects(host, Site.SSH, Site.PROBE));
            }
        }
    }

    @Test
    void invitation_worksOnce() {
        String invitation = SpaDoors.invite(site, "anna", site.ipv4());
        anna.told(invitation, "join", "--as", "gate").orThrow();

        try (Visitor thief = new Visitor(site.client())) {
            Output second = thief.told(invitation, "join", "--as", "gate", "--within", "4s");

            assertThat(second.exit()).as(second.toString()).isEqualTo(1);
            assertThat(second.err()).contains("used");
            thief.run("open", "gate");
            assertThat(LeaseRow.of(site.tirl)).isEmpty();
        }
    }

    @Test
    void revoked_isOutAtOnce_alsoWhatIsOpen() {
        SpaDoors.enrol(site, anna, site.ipv4());
        anna.run("open", "gate", "--wait").orThrow();

        site.tirl.control("devices", "revoke", "anna").orThrow();

        site.assertShut(anna.client, site.ipv4());
        Output again = anna.run("open", "gate", "--wait", "--within", "2s");
        assertThat(again.exit()).as(again.toString()).isEqualTo(1);
        site.assertShut(anna.client, site.ipv4());
        site.tirl.end("KILL");
        site.tirl.restart();
        anna.run("open", "gate", "--wait", "--within", "1s");
        site.assertShut(anna.client, site.ipv4());
    }

    @Test
    void policy_saysNo_andTheClientSaysWhy() {
        String invitation = SpaDoors.invite(site, "anna", site.ipv4(), "--from", "192.0.2.0/24");
        anna.told(invitation, "join", "--as", "gate").orThrow();

        Output opened = anna.run("open", "gate", "--wait", "--within", "3s");

        assertThat(opened.exit()).as(opened.toString()).isEqualTo(1);
        assertThat(opened.err()).contains("not from this network");
        assertThat(site.tirl.log()).contains("not from this network");
        site.assertShut(anna.client, site.ipv4());

        site.tirl.control("devices", "change", "anna", "--from", "10.0.0.0/8").orThrow();
        anna.run("open", "gate", "--wait").orThrow();

        Output other = anna.run("open", "gate", "--service", "dns", "--answer", "--within", "3s");
        assertThat(other.exit()).as(other.toString()).isEqualTo(1);
        assertThat(other.err()).contains("may not open that service");
    }

    @Test
    void guest_comesInOnce() {
        String invitation = SpaDoors.invite(site, "guest", site.ipv4(), "--guest");
        anna.told(invitation, "join", "--as", "gate").orThrow();
        anna.run("open", "gate", "--wait").orThrow();
        Client elsewhere = site.client();

        try (Visitor moved = new Visitor(elsewhere)) {
            moved.take(anna);
            Output second = moved.run("open", "gate", "--wait", "--within", "2s");

            assertThat(second.exit()).as(second.toString()).isEqualTo(1);
        }
        site.assertShut(elsewhere, site.ipv4());
        assertThat(anna.client.connects(site.ipv4(), Site.SSH, Site.PROBE)).isTrue();
    }

    @Test
    void doctor_tellsWhatTheServerSees() {
        SpaDoors.enrol(site, anna, site.ipv4());

        Output told = anna.run("doctor", "gate");

        assertThat(told.exit()).as(told.toString()).isZero();
        assertThat(told.out()).contains(anna.client.ipv4()).contains("would be granted");
        site.assertShut(anna.client, site.ipv4());
    }

    @Test
    void offline_theKeyIsCarriedByHand() {
        String invitation = SpaDoors.invite(site, "anna", site.ipv4());
        String key = anna.told(invitation, "join", "--offline", "--as", "gate")
                .orThrow()
                .out()
                .lines()
                .filter(line -> line.startsWith("TIRLKEY:"))
                .findFirst()
                .orElseThrow();

        site.tirl.control("devices", "key", "anna", key).orThrow();

        anna.run("open", "gate", "--wait").orThrow();
    }

    @Test
    void rotated_theOldKeyIsWorthNothing() {
        SpaDoors.enrol(site, anna, site.ipv4());
        try (Visitor copy = new Visitor(site.client())) {
            copy.take(anna);
            anna.run("rotate", "gate").orThrow();
            anna.run("open", "gate", "--wait").orThrow();

            Output stolen = copy.run("open", "gate", "--wait", "--within", "2s");

            assertThat(stolen.exit()).as(stolen.toString()).isEqualTo(1);
            site.assertShut(copy.client, site.ipv4());
        }
    }

    @Test
    void closed_beforeItsTime() {
        SpaDoors.enrol(site, anna, site.ipv4());
        anna.run("open", "gate", "--wait").orThrow();

        anna.run("close", "gate").orThrow();

        site.awaitShut(anna.client, site.ipv4(), Site.SOON);
    }

    @Test
    void exportedAndImported_atAnotherStore() {
        SpaDoors.enrol(site, anna, site.ipv4());
        String folder = anna.home().resolve("devices").toString();
        site.tirl.control("devices", "export", folder).orThrow();
        site.tirl.control("devices", "revoke", "anna").orThrow();

        site.tirl.control("devices", "import", folder).orThrow();

        anna.run("open", "gate", "--wait").orThrow();
    }

    @Test
    void keep_holdsTheDoorOpen_overARestartOfTheDaemon() {
        SpaDoors.enrol(site, anna, site.ipv4());
        try (Background keep = anna.start("keep", "gate")) {
            Await.until(
                    () -> "a lease; " + keep.out() + keep.err(),
                    Site.SOON.multipliedBy(4),
                    () -> !LeaseRow.of(site.tirl).isEmpty());
            site.tirl.end("KILL");
            site.tirl.restart();
            assertThat(anna.client.connects(site.ipv4(), Site.SSH, Duration.ofSeconds(1)))
                    .isTrue();
        }
    }
}
