package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Locking oneself out, and how one gets in again. The other ways, with their tests, are listed in docs/lock-out.md. */
@Tag("netns")
class LockOutTest {
    private static final List<String> INTERFACES = List.of("srv0");
    private static final String CONFIG = Doors.plain() + Glass.SECTION;
    private static final String BRIEF =
            Doors.plain() + Doors.door("brief", "tcp/7100 tcp/8100 tcp/9100", "for = \"2s\"");

    /** A configuration that is right in itself and lets nobody in who comes as he always does. */
    enum Mistake {
        OTHER_INTERFACE(CONFIG),
        NO_DOOR(Doors.service("ssh", "tcp/22")),
        OTHER_SEQUENCE(CONFIG.replace("tcp/8000", "tcp/8001")),
        STEP_BLOCKED_ON_THE_WAY(CONFIG.replace("tcp/8000", "tcp/8300"));

        private final String config;

        Mistake(String config) {
            this.config = config;
        }
    }

    @ParameterizedTest
    @EnumSource
    void mistakeAppliedFromAfar_isTakenBack(Mistake mistake) throws IOException {
        try (Site site = Site.with(CONFIG)) {
            Path file = Trying.file(site.tirl, mistake.config);
            if (mistake == Mistake.OTHER_INTERFACE) {
                site.network.addWire();
                Files.writeString(file, Trying.text(file).replace("\"srv0\"", "\"srv1\""));
            }
            site.network
                    .clients()
                    .nft("table inet way { chain out { type filter hook output priority 0; "
                            + "tcp dport 8300 drop; }; }");
            Client client = site.client();
            site.tirl.control("try", file.toString(), "--within", "2s").orThrow();
            int middle = mistake == Mistake.STEP_BLOCKED_ON_THE_WAY ? 8300 : 8000;
            client.syns(site.ipv4(), Site.PACE, 7000, middle, 9000);
            site.assertShut(client, site.ipv4());

            Trying.awaitBack(site.tirl);

            site.knockPlain(client);
        }
    }

    @Test
    void fileWithAMistakeAtTheStart_breakGlassOpens() {
        try (Site site = Site.with(CONFIG)) {
            site.tirl.write(INTERFACES, CONFIG.replace("tcp/7000", "tcp/70000"));
            site.tirl.end("TERM");
            assertThatThrownBy(site.tirl::restart).hasMessageContaining("there is no port 70000");
            Glass.awaitNoHeartbeat(site);
            Client client = site.client();
            site.assertShut(client, site.ipv4());

            Glass.knock(client, site.ipv4());

            site.assertOpens(client, site.ipv4());
            site.tirl.write(INTERFACES, CONFIG);
            site.tirl.restart();
            assertThat(client.connects(site.ipv4(), Site.SSH, Site.PROBE)).isTrue();
        }
    }

    /** The example of RouterOS's documentation disconnects who follows it. Here it is the first configuration of a host. */
    @Test
    void portOfOnesOwnSession_isGuarded_andTheSessionLives() throws IOException {
        try (Site site = Site.with("");
                Session session = Session.open(site.client(), site.ipv4(), Site.SSH)) {
            session.assertEchoes();
            Path file = site.tirl.configFile().resolveSibling("first.toml");
            Files.writeString(file, Trying.text(site.tirl.configFile()) + CONFIG);
            site.tirl.control("try", file.toString(), "--within", "60s").orThrow();
            Client client = site.client();
            site.assertShut(client, site.ipv4());
            session.assertEchoes();

            site.knockPlain(client);

            Await.until(
                    () -> "a confirmation; the log:\n" + site.tirl.log(),
                    Site.SOON,
                    () -> site.tirl.log().contains("confirmed by a knock of " + client.ipv4()));
            session.assertEchoes();
        }
    }

    /** Before tirl's table nothing made the kernel follow connections: it does not know that this one is established. */
    @Test
    void sessionFromBeforeTheFirstTable_goesOnWithAKnock() throws IOException {
        try (Network network = Network.create();
                EchoService _ = EchoService.listen(network.server(), Site.SSH)) {
            Client client = network.client();
            String server = network.wire().serverIpv4();
            try (Session session = Session.open(client, server, Site.SSH);
                    TirlProcess tirl = TirlProcess.start(network.server(), INTERFACES, CONFIG)) {
                session.assertDead();
                client.syns(server, Site.PACE, Doors.PLAIN);
                Trying.awaitReach(client, server, Site.SSH, Reach.OPEN);

                session.assertEchoes();
                assertThat(tirl.alive()).isTrue();
            }
        }
    }

    @Test
    void addressThatChanged_knocksAgain_andTheSessionOfTheOldOneIsNotInTheWay() {
        try (Site site = Site.with(CONFIG)) {
            Client home = site.client();
            site.knockPlain(home);
            Client train = site.client();
            site.assertShut(train, site.ipv4());

            site.knockPlain(train);
        }
    }

    @Test
    void leasesAllGiven_openAgainWhenOneEnds() {
        try (Site site = Site.with(BRIEF + "[limits]\nleases = 1\n")) {
            Client first = site.client();
            first.syns(site.ipv4(), Site.PACE, 7100, 8100, 9100);
            site.assertOpens(first, site.ipv4());
            Client second = site.client();
            second.syns(site.ipv4(), Site.PACE, Doors.PLAIN);
            Await.until(
                    () -> "a denial; the log:\n" + site.tirl.log(),
                    Site.SOON,
                    () -> site.tirl.log().contains(second.ipv4() + " plain: denied"));

            site.awaitShut(first, site.ipv4(), Duration.ofSeconds(5));
            Await.until(
                    "the lease is over", Site.SOON, () -> LeaseRow.of(site.tirl).isEmpty());

            site.knockPlain(second);
        }
    }

    /** As a full disk, or one that was mounted read-only after an error, is. */
    @Test
    void stateThatCannotBeWritten_knocksOpen() {
        String state = "/proc/tirl";
        try (Site site = Site.with("state = \"" + state + "\"\n" + CONFIG)) {
            assertThat(site.tirl.log()).contains("guard.nft cannot be written");
            site.knockPlain(site.client());
            Output refused = site.tirl.control("reload", "--try");
            assertThat(refused.err()).contains("the configuration to go back to cannot be kept at " + state);
            site.tirl.reload("reloaded");

            site.tirl.end("KILL");
            Glass.awaitNoHeartbeat(site);
            Client client = site.client();
            Glass.knock(client, site.ipv4());
            site.assertOpens(client, site.ipv4());
            site.tirl.restart();
            site.knockPlain(site.client());
        }
    }
}
