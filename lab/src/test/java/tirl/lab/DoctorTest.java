package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code tirl doctor} sees on a host that is well and on hosts that are not. */
@Tag("netns")
class DoctorTest {
    private static final String WEB = Doors.service("web", "tcp/8080");

    private Site site;

    @BeforeEach
    void start() {
        site = Site.with(Doors.plain());
    }

    @AfterEach
    void stop() {
        assertThat(site.network.server().ask("ip", "-br", "link"))
                .as("the wire is taken up again")
                .doesNotContain("tirl-doctor");
        site.close();
    }

    @Test
    void healthyHost_hasNothingBad_andNothingStays() {
        Client client = site.client();
        Background traffic = site.network.clients().start("ping", "-i", "0.2", "-c", "100", site.ipv4());
        Output seen = site.tirl.control("doctor");
        traffic.close();

        assertThat(seen.exit()).as(seen.toString()).isZero();
        assertThat(seen.out())
                .contains("packets come in on srv0")
                .contains("guards tcp/22")
                .contains("tcp/22 is silent without a lease, at 2 addresses")
                .contains("tcp/22 at " + site.ipv4() + " opens with a lease")
                .contains("tcp/22 at " + site.ipv6() + " opens with a lease")
                .doesNotContain("BAD");
        assertThat(site.tirl.control("leases").out()).contains("no live leases");
        site.assertShut(client, site.ipv4());
    }

    /** What the host itself sends wakes who listens, too; an administrator's own session does. */
    @Test
    void hostThatSends_isWaitedForAllTheSame() {
        String nobody = site.client().ipv4();
        Namespace server = site.network.server();
        server.ask("ip", "neigh", "replace", nobody, "lladdr", "02:00:00:00:00:99", "dev", "srv0", "nud", "permanent");
        try (Background _ = server.start("hping3", "-q", "--udp", "--flood", "-p", "9", nobody);
                Background _ = site.network.clients().start("ping", "-i", "0.2", "-c", "100", site.ipv4())) {
            assertThat(site.tirl.control("doctor").out()).contains("packets come in on srv0");
        }
    }

    @Test
    void foreignFirewallThatDropsLeasedPackets_isFound() {
        site.network.server().nft("""
                table inet theirs {
                  chain input { type filter hook input priority filter; policy drop; iif lo accept; meta l4proto { icmp, ipv6-icmp } accept; }
                }
                """);

        Output seen = site.tirl.control("doctor");

        assertThat(seen.exit()).isEqualTo(1);
        assertThat(seen.out())
                .contains("tcp/22 is silent without a lease")
                .contains("tcp/22 at " + site.ipv4() + " stays silent with a lease")
                .contains("tirl init");

        site.tirl.write(List.of("srv0"), "firewall = \"join\"\n" + Doors.plain());
        site.tirl.reload("reloaded");
        Await.until(
                () -> "the join rule:\n" + site.tirl.log(),
                Site.SOON.multipliedBy(3),
                () -> site.network
                        .server()
                        .ask("nft", "list", "table", "inet", "theirs")
                        .contains("accept comment \"tirl\""));

        Output joined = site.tirl.control("doctor");
        assertThat(joined.exit()).as(joined.toString()).isZero();
        assertThat(joined.out())
                .contains("the join rule is in place, before the drop")
                .contains("tcp/22 at " + site.ipv4() + " opens with a lease");
    }

    @Test
    void deadDaemonWithoutTable_isFound_andThePortIsSeenOpen() {
        site.tirl.control("stop").orThrow();
        site.tirl.awaitEnd();

        Output seen = site.tirl.control("doctor", "--json");

        assertThat(seen.exit()).isEqualTo(1);
        assertThat(seen.out())
                .contains("there is no control socket")
                .contains("the table inet tirl is not there")
                .contains("tcp/22 at " + site.ipv4() + " is OPEN to somebody without a lease");
    }

    /** As Docker publishes a port: no rule on the way in ever sees it. */
    @Test
    void publishedContainerPort_isProvedToBeGuarded() {
        Backend.forwarding(site.network.server(), true);
        try (Backend container = Backend.behind(site.network.server());
                EchoService inside = EchoService.listen(container.namespace(), 80)) {
            site.network.server().nft("""
                    table ip docker {
                      chain pre { type nat hook prerouting priority dstnat; fib daddr type local tcp dport 8080 dnat to %s:80; }
                    }
                    """.formatted(Backend.IPV4));
            assertThat(site.client().connects(site.ipv4(), 8080, Site.SOON))
                    .as("not guarded yet: open to all")
                    .isTrue();
            site.tirl.write(List.of("srv0"), Doors.plain() + WEB);
            assertThat(site.tirl.control("doctor", "--no-probe").out())
                    .contains("the kernel guards tcp/22, the configuration tcp/22, tcp/8080");
            assertThat(site.tirl.control("doctor").out())
                    .contains("tcp/8080 at " + site.ipv4() + " is OPEN to somebody without a lease");

            site.tirl.reload("reloaded");

            assertThat(site.tirl.control("doctor").out())
                    .contains("tcp/8080 is silent without a lease")
                    .contains("tcp/8080 at " + site.ipv4() + " opens with a lease");
            assertThat(inside).isNotNull();
        }
    }

    @Test
    void interfaceThatIsNotThere_isFound_withTheOnesThatAre() {
        site.tirl.write(List.of("eth7"), Doors.plain());

        Output seen = site.tirl.control("doctor", "--no-probe");

        assertThat(seen.exit()).isEqualTo(1);
        assertThat(seen.out())
                .contains("there is no interface eth7 now; there is srv0")
                .contains("the running daemon does not know eth7");
    }

    @Test
    void configurationWithAMistake_isFound() {
        site.tirl.write(List.of("srv0"), "firewal = \"guard\"\n");

        Output seen = site.tirl.control(
                "doctor", "--control", site.tirl.controlSocket().toString());

        assertThat(seen.exit()).isEqualTo(1);
        assertThat(seen.out()).contains("\"firewal\"").contains("daemon", "answers");
    }
}
