package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Interfaces that come, go and change under a running daemon. */
@Tag("netns")
class InterfaceTest {
    /** By when the daemon must have noticed a change of interfaces. */
    private static final Duration NOTICED = Duration.ofSeconds(15);

    private Network network;
    private EchoService ssh;

    @BeforeEach
    void makeNetwork() {
        network = Network.create();
        ssh = EchoService.listen(network.server(), Site.SSH);
    }

    @AfterEach
    void removeNetwork() {
        ssh.close();
        network.close();
    }

    @Test
    void anyInterface_opens() {
        Wire second = network.addWire();
        try (TirlProcess tirl = serve("any")) {
            assertKnockOpens(tirl, network.wire(), network.wire().serverIpv4());
            assertKnockOpens(tirl, network.wire(), network.wire().serverIpv6());
            assertKnockOpens(tirl, second, second.serverIpv4());
        }
    }

    @Test
    void severalInterfaces_openOnEach_butNotOnOthers() {
        Wire second = network.addWire();
        Wire third = network.addWire();
        try (TirlProcess tirl = serve("srv0", "srv1")) {
            Client unheard = third.client();
            unheard.syns(third.serverIpv4(), Site.PACE, Doors.PLAIN);

            assertKnockOpens(tirl, network.wire(), network.wire().serverIpv4());
            assertKnockOpens(tirl, second, second.serverIpv4());
            assertThat(unheard.reach(third.serverIpv4(), Site.SSH, Site.PROBE)).isEqualTo(Reach.SILENT);
        }
    }

    @Test
    void interfaceDownAndUp_opensAgain() {
        try (TirlProcess tirl = serve("srv0")) {
            assertKnockOpens(tirl, network.wire(), network.wire().serverIpv4());
            network.wire().carrier(false);
            network.wire().carrier(true);

            awaitKnockOpens(tirl, network.wire(), network.wire().serverIpv4());
            awaitKnockOpens(tirl, network.wire(), network.wire().serverIpv6());
        }
    }

    @Test
    void interfaceDeletedAndMadeAgain_opensAgain() {
        try (TirlProcess tirl = serve("srv0")) {
            assertKnockOpens(tirl, network.wire(), network.wire().serverIpv4());
            network.wire().unplug();
            network.wire().replug();

            awaitKnockOpens(tirl, network.wire(), network.wire().serverIpv4());
        }
    }

    @Test
    void interfaceThatComesAfterTheDaemon_opens_andItsPortIsShutFromTheStart() {
        network.wire().unplug();
        try (TirlProcess tirl = TirlProcess.launch(network.server(), List.of("srv0"), Doors.plain())) {
            Await.until(
                    () -> "a table without an interface; the log:\n" + tirl.log(),
                    NOTICED,
                    () -> network.server()
                            .run("nft", "list", "chain", "inet", "tirl", "guard")
                            .succeeded());
            network.wire().replug();

            Client stranger = network.client();
            assertThat(stranger.reach(network.wire().serverIpv4(), Site.SSH, Site.PROBE))
                    .isEqualTo(Reach.SILENT);
            awaitKnockOpens(tirl, network.wire(), network.wire().serverIpv4());
        }
    }

    @Test
    void addressAddedLater_opens() {
        String later = "10.77.77.2";
        try (TirlProcess tirl = serve("srv0")) {
            network.server().ip("address add " + later + "/24 dev srv0");

            assertKnockOpens(tirl, network.wire(), later);
        }
    }

    @Test
    void interfaceWithoutAddressAtStart_opensWhenItHasOne() {
        network.server().ip("address flush dev srv0");
        try (TirlProcess tirl = serve("srv0")) {
            network.server().ip("address add " + network.wire().serverIpv4() + "/24 dev srv0");

            assertKnockOpens(tirl, network.wire(), network.wire().serverIpv4());
        }
    }

    private TirlProcess serve(String... interfaces) {
        return TirlProcess.start(network.server(), List.of(interfaces), Doors.plain());
    }

    private static void assertKnockOpens(TirlProcess tirl, Wire wire, String server) {
        Client client = wire.client();
        assertThat(client.reach(server, Site.SSH, Site.PROBE)).isEqualTo(Reach.SILENT);
        client.syns(server, Site.PACE, Doors.PLAIN);
        Await.until(
                () -> "port 22 of " + server + " opens for " + client + "; the log:\n" + tirl.log(),
                Site.SOON,
                () -> client.connects(server, Site.SSH, Site.PROBE));
    }

    /** The daemon may need a moment to notice the interface: one knocks again, as a person would. */
    private static void awaitKnockOpens(TirlProcess tirl, Wire wire, String server) {
        Client client = wire.client();
        Await.until(
                () -> "port 22 of " + server + " opens for " + client + "; the log:\n" + tirl.log(), NOTICED, () -> {
                    client.syns(server, Site.PACE, Doors.PLAIN);
                    return client.connects(server, Site.SSH, Site.PROBE);
                });
    }
}
