package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tirl.lab.IptablesSite.Kind;

/** Break-glass by iptables and ipset, over nftables and over the old tables. */
@Tag("netns")
class IptablesBreakGlassTest {
    private static final List<String> FAMILIES = List.of("ipv4", "ipv6");
    private static final String MODE = "firewall = \"iptables\"\n";
    private static final String CONFIG = Doors.plain() + Glass.SECTION;

    @ParameterizedTest
    @EnumSource(names = {"NFT_IPSET", "LEGACY_IPSET"})
    void dormantWithADaemon_killed_opensForTheKnockerOnly_andTheNextTakesOver(Kind kind) {
        try (IptablesSite site = IptablesSite.with(kind, CONFIG)) {
            Client client = site.network.client();
            Client stranger = site.network.client();
            for (String family : FAMILIES) {
                Glass.knock(client, site.address(family));
                site.assertShut(client, family);
            }
            assertThat(size(site, "tirl-g1-4") + size(site, "tirl-g1-6")).isZero();

            site.tirl.end("KILL");
            awaitNoHeartbeat(site);
            for (String family : FAMILIES) {
                wrongTouchInBetween(client, site.address(family));
                site.assertShut(client, family);
                Glass.knock(client, site.address(family));
                site.assertOpens(client, family);
                site.assertShut(stranger, family);
            }
            assertThat(logged(site)).isEqualTo(2);

            site.tirl.restart();
            assertTakenOver(site, client.ipv4(), client.ipv6());
            for (String family : FAMILIES) {
                assertThat(client.connects(site.address(family), Site.SSH, Site.PROBE))
                        .isTrue();
                Glass.knock(stranger, site.address(family));
                site.assertShut(stranger, family);
            }
            site.tirl.control("revoke", client.ipv6()).orThrow();
            site.assertShut(client, "ipv6");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NFT_IPSET", "LEGACY_IPSET"})
    void hangingDaemon_opens_andWhenItGoesOnItTakesOver(Kind kind) {
        try (IptablesSite site = IptablesSite.with(kind, CONFIG)) {
            Client client = site.network.client();
            site.tirl.signal("STOP");
            awaitNoHeartbeat(site);

            Glass.knock(client, site.address("ipv4"));
            site.assertOpens(client, "ipv4");

            site.tirl.signal("CONT");
            assertTakenOver(site, client.ipv4());
            assertThat(client.connects(site.address("ipv4"), Site.SSH, Site.PROBE))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NFT_IPSET", "LEGACY_IPSET"})
    void reload_changesAndRemovesIt_andUninstallLeavesNothing(Kind kind) {
        try (IptablesSite site = IptablesSite.with(kind, CONFIG);
                Prober prober = Prober.start(site.network.client(), site.address("ipv4"), Site.SSH)) {
            reload(site, Doors.plain() + Glass.section("\"tcp/31001\", \"tcp/22017\""));
            assertThat(site.sets()).contains("tirl-g1-4").doesNotContain("tirl-g2-");
            assertThat(size(site, "tirl-alive4")).isEqualTo(2);

            reload(site, Doors.plain());
            assertThat(site.sets()).contains("tirl4").doesNotContain("tirl-g", "tirl-alive");
            assertThat(site.rules("mangle")).noneMatch(rule -> rule.contains("GLASS") || rule.contains("OPENS"));

            reload(site, CONFIG);
            assertThat(site.sets()).contains("tirl-g2-6");
            assertThat(size(site, "tirl-alive6")).isEqualTo(2);
            assertThat(prober.attempts()).isPositive();
            assertThat(prober.successes()).isZero();
            assertThat(site.tirl.log()).doesNotContain("it is back").doesNotContain("error");

            site.tirl.control("stop", "--keep").orThrow();
            assertThat(site.tirl.awaitEnd()).isZero();
            site.run("uninstall", "-c", site.tirl.configFile().toString()).orThrow();
            assertThat(site.sets()).isBlank();
            assertThat(site.rules("mangle")).noneMatch(rule -> rule.contains("TIRL"));
        }
    }

    @Test
    void withoutIpset_isRefusedWithTheRemedy() {
        try (IptablesSite site = IptablesSite.with(Kind.NFT_RULES, Doors.plain())) {
            String remedy = "break-glass with firewall = \"iptables\" needs ipset: apt-get install ipset";
            reload(site, CONFIG, remedy);
            site.assertShut(site.network.client(), "ipv4");
            site.tirl.end("TERM");

            Output refused = site.run("serve", "-c", site.tirl.configFile().toString());

            assertThat(refused.succeeded()).isFalse();
            assertThat(refused.err()).contains(remedy).doesNotContain("\tat ");
        }
    }

    private static void wrongTouchInBetween(Client client, String server) {
        client.syn(server, 31001);
        Await.pause(Site.PACE);
        client.datagram(server, 41007);
        Await.pause(Site.PACE);
        client.syn(server, 22018);
        Await.pause(Site.PACE);
        client.syn(server, 22017);
        Await.pause(Site.PACE);
    }

    private static void reload(IptablesSite site, String config) {
        reload(site, config, "reloaded");
    }

    private static void reload(IptablesSite site, String config, String answer) {
        site.tirl.write(List.of("srv0"), MODE + config);
        site.tirl.reload(answer);
    }

    private static void awaitNoHeartbeat(IptablesSite site) {
        assertThat(site.sets()).contains("tirl-alive4", "tirl-alive6");
        Await.until(
                "no heartbeat any more",
                Duration.ofSeconds(10),
                () -> size(site, "tirl-alive4") + size(site, "tirl-alive6") == 0);
    }

    private static void assertTakenOver(IptablesSite site, String... addresses) {
        for (String address : addresses) {
            site.awaitLog(address + " break-glass: opened tcp/22");
            // One that was stopped in the middle of a beat tells at the next.
            site.awaitLog("break-glass was used");
            site.awaitLog(address + " (");
        }
        assertThat(LeaseRow.of(site.tirl)).hasSize(addresses.length).allSatisfy(lease -> {
            assertThat(lease.door()).isEqualTo("break-glass");
            assertThat(lease.left()).isBetween(1.0, 20.0);
        });
        for (String set : List.of("tirl-gopen4", "tirl-gopen6", "tirl-gused4", "tirl-gused6")) {
            Await.until(set + " is empty", Site.SOON, () -> size(site, set) == 0);
        }
    }

    /** For how many IP versions the kernel was to write one line. */
    private static long logged(IptablesSite site) {
        return Stream.of("iptables-save", "ip6tables-save")
                .map(site.host::program)
                .flatMap(program ->
                        site.network.server().ask(program, "-c", "-t", "mangle").lines())
                .filter(line -> line.startsWith("[1:") && line.contains("-j LOG"))
                .count();
    }

    private static int size(IptablesSite site, String set) {
        String listed = site.network.server().ask("/usr/sbin/ipset", "list", set);
        return (int) Pattern.compile("(?m)^\\S+ timeout \\d+")
                .matcher(listed)
                .results()
                .count();
    }
}
