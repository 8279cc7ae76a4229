package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the daemon tells a service manager. */
@Tag("netns")
class SystemdTest {
    private static final List<String> INTERFACES = List.of("srv0");

    private Network network;
    private NotifyReceiver systemd;
    private TirlProcess tirl;

    @BeforeEach
    void startDaemon() {
        network = Network.create();
        systemd = NotifyReceiver.create();
        tirl = TirlProcess.start(
                network.server(), INTERFACES, Doors.plain(), "NOTIFY_SOCKET=" + systemd.path(), "WATCHDOG_USEC=600000");
    }

    @AfterEach
    void stopDaemon() {
        tirl.close();
        systemd.close();
        network.close();
    }

    @Test
    void life_isToldInOrder() {
        systemd.await("READY=1", 1, Site.SOON);
        assertThat(systemd.messages().getFirst())
                .startsWith("READY=1\nSTATUS=1 doors, 0 leases; guarding tcp/22; doors: plain");
        // Ready means that a stranger is shut out and that a knock is heard.
        assertThat(network.server().ask("nft", "list", "set", "inet", "tirl", "guarded"))
                .contains("tcp . 22");

        tirl.reload("reloaded");
        systemd.await("READY=1", 2, Site.SOON);
        tirl.write(INTERFACES, "nonsense = 1\n");
        tirl.reload("keeping the running configuration");
        systemd.await("READY=1", 3, Site.SOON);
        assertThat(tirl.end("TERM")).isZero();

        List<String> life = systemd.messages().stream()
                .filter(message -> !message.startsWith("WATCHDOG=1"))
                .map(message -> message.lines().findFirst().orElseThrow())
                .toList();
        assertThat(life).containsExactly("READY=1", "RELOADING=1", "READY=1", "RELOADING=1", "READY=1", "STOPPING=1");
        assertThat(systemd.count("MONOTONIC_USEC=")).isEqualTo(2);
    }

    @Test
    void newLease_isInTheStatus() {
        Client client = network.client();

        client.syns(network.wire().serverIpv4(), Site.PACE, Doors.PLAIN);

        systemd.await("STATUS=1 doors, 1 leases", 1, Site.SOON);
    }

    @Test
    void hungLoop_feedsNoWatchdog() {
        systemd.await("WATCHDOG=1", 3, Site.SOON);

        tirl.signal("STOP");
        Await.until("the process is stopped", Site.SOON, () -> {
            long before = systemd.count("WATCHDOG=1");
            Await.pause(Duration.ofMillis(900));
            return systemd.count("WATCHDOG=1") == before;
        });
        long before = systemd.count("WATCHDOG=1");
        Await.pause(Duration.ofSeconds(2));
        assertThat(systemd.count("WATCHDOG=1")).isEqualTo(before);

        tirl.signal("CONT");
        systemd.await("WATCHDOG=1", (int) before + 2, Site.SOON);
    }
}
