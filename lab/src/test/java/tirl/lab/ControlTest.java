package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.jr.ob.JSON;

/** What an administrator sees and does over the control socket. */
@Tag("netns")
class ControlTest {
    private static final int[] BRIEF = {7100, 8100, 9100};

    private static Site site;

    @BeforeAll
    static void startDaemon() {
        site = Site.with(Doors.plain()
                + Doors.door("brief", "tcp/7100 tcp/8100 tcp/9100", "for = \"2s\"")
                + Doors.door("second", "tcp/7200 tcp/8200 tcp/9200")
                + "[limits]\nleases-per-source = 1\n");
    }

    @AfterAll
    static void stopDaemon() {
        site.close();
    }

    @Test
    void controlSocket_isForItsOwnerOnly() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(site.tirl.controlSocket())))
                .isEqualTo("rw-------");
    }

    @Test
    void grant_opens_andRevokeByAddress_shuts() {
        Client client = site.client();

        site.tirl.control("grant", client.ipv4(), "ssh", "--for", "30s").orThrow();
        assertThat(client.connects(site.ipv4(), Site.SSH, Site.PROBE)).isTrue();

        site.tirl.control("revoke", client.ipv4()).orThrow();
        site.assertShut(client, site.ipv4());
        assertThat(leasesOf(client.ipv4())).isEmpty();
    }

    @Test
    void grantToIpv6_opens_andRevokeById_shuts() {
        Client client = site.client();

        site.tirl.control("grant", client.ipv6(), "ssh").orThrow();
        assertThat(client.connects(site.ipv6(), Site.SSH, Site.PROBE)).isTrue();

        String id = leasesOf(client.ipv6()).getFirst().id();
        site.tirl.control("revoke", id).orThrow();
        site.assertShut(client, site.ipv6());
    }

    @Test
    void grantOfUnknownService_failsAndSaysSo() {
        Output refused = site.tirl.control("grant", "10.77.77.250", "shh", "--for", "30s");

        assertThat(refused.succeeded()).isFalse();
        assertThat(refused.err()).contains("shh");
        assertThat(leasesOf("10.77.77.250")).isEmpty();
    }

    @Test
    void lease_isListedWithItsFields() {
        Client client = site.client();
        site.knockPlain(client);

        LeaseRow lease = leasesOf(client.ipv4()).getFirst();

        assertThat(lease.id()).isNotBlank();
        assertThat(lease.door()).isEqualTo("plain");
        assertThat(lease.ports()).containsExactly("tcp/22");
        assertThat(lease.left()).isBetween(20.0, 30.0);
        assertThat(site.tirl.control("leases").orThrow().out()).contains(client.ipv4());
    }

    @Test
    void status_isReadableByPeopleAndPrograms() {
        assertThat(site.tirl.control("status").orThrow().out()).isNotBlank();
        Output bySocket = Command.run(
                Namespace.SOON,
                List.of(
                        TirlProcess.launcher(),
                        "status",
                        "--control",
                        site.tirl.controlSocket().toString()));
        assertThat(bySocket.orThrow().out()).isNotBlank();
        assertThat(JSON.std.mapFrom(
                        site.tirl.control("status", "--json").orThrow().out()))
                .isNotEmpty();
    }

    @Test
    void watch_showsTheLifeOfALease() {
        try (Background watch = site.tirl.watch("watch", "--json")) {
            awaitWatching(watch);
            Client client = site.client();

            client.syns(site.ipv4(), Site.PACE, 7100, 12345);
            awaitEvent(watch, "advanced", client, "brief");
            awaitEvent(watch, "rejected", client, "brief");
            client.syns(site.ipv4(), Site.PACE, BRIEF);
            awaitEvent(watch, "opened", client, "brief");
            client.syns(site.ipv4(), Site.PACE, BRIEF);
            awaitEvent(watch, "extended", client, "brief");
            client.syns(site.ipv4(), Site.PACE, 7200, 8200, 9200);
            awaitEvent(watch, "denied", client, "second"); // one lease per source here
            awaitEvent(watch, "expired", client, "brief");

            site.knockPlain(client);
            site.tirl.control("revoke", client.ipv4()).orThrow();
            awaitEvent(watch, "revoked", client, "plain");
        }
    }

    @Test
    void withoutDaemon_commandsFailWithASentence() {
        try (Network other = Network.create();
                TirlProcess stopped = TirlProcess.start(other.server(), List.of("srv0"), Doors.plain())) {
            stopped.end("KILL");

            Output status = stopped.control("status");

            assertThat(status.succeeded()).isFalse();
            assertThat(status.err()).isNotBlank().doesNotContain("Exception");
        }
    }

    @Test
    void check_namesEveryMistakeWithItsPlace() throws IOException {
        String good = Files.readString(site.tirl.configFile());
        Path bad = Files.createTempFile("tl", ".toml");
        try {
            Files.writeString(bad, good.replace("tcp/7200", "tcp/72000").replace("\"2s\"", "\"2 parsecs\""));

            Output refused = Command.run(Namespace.SOON, List.of(TirlProcess.launcher(), "check", bad.toString()));

            assertThat(refused.succeeded()).isFalse();
            assertThat((refused.out() + refused.err())
                            .lines()
                            .filter(line -> line.matches(bad + ":\\d+:\\d+: (?!warning: ).*")))
                    .hasSize(2);
            Command.run(
                            Namespace.SOON,
                            List.of(
                                    TirlProcess.launcher(),
                                    "check",
                                    site.tirl.configFile().toString()))
                    .orThrow();
        } finally {
            Files.delete(bad);
        }
    }

    /** The watching program has connected as soon as it shows something: strangers knock until it does. */
    private static void awaitWatching(Background watch) {
        Client noise = site.client();
        Await.until(() -> "a watch that shows events; it said: " + watch.err(), Duration.ofSeconds(10), () -> {
            noise.syn(site.ipv4(), 7000);
            Await.pause(Duration.ofMillis(20));
            return !watch.out().isEmpty();
        });
    }

    private static void awaitEvent(Background watch, String event, Client client, String door) {
        Await.until(
                () -> event + " of door " + door + " for " + client + " in:\n" + watch.out(),
                Duration.ofSeconds(5),
                () -> Json.lines(watch.out()).stream()
                        .anyMatch(seen -> event.equals(seen.get("event"))
                                && client.ipv4().equals(seen.get("source"))
                                && door.equals(seen.get("door"))));
    }

    private static List<LeaseRow> leasesOf(String source) {
        return LeaseRow.of(site.tirl).stream()
                .filter(lease -> source.equals(lease.source()))
                .toList();
    }
}
