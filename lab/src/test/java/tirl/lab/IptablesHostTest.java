package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tirl.lab.IptablesSite.Kind;

/** What the rules of iptables do to a host, and what stays of them. */
@Tag("netns")
class IptablesHostTest {
    private static final int TALK = 80;
    private static final int WEB = 8443;
    private static final String FOREIGN = """
            *mangle
            :OTHERS - [0:0]
            -A PREROUTING -j OTHERS
            -A OTHERS -p tcp -m tcp --dport 22 -j MARK --set-xmark 0x7/0xffffffff
            COMMIT
            *nat
            -A POSTROUTING -p udp -m udp --dport 5353 -j MASQUERADE
            COMMIT
            *filter
            -A INPUT -m mark --mark 0x7 -j ACCEPT
            -A INPUT -p tcp -m tcp --dport 9 -j DROP
            COMMIT
            """;

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"NFT_IPSET", "LEGACY_RULES"})
    void rulesOfOthers_areTheSameBeforeAndAfter_andSeeWhatPasses(Kind kind) {
        try (IptablesSite site = IptablesSite.beside(kind, FOREIGN, Doors.plain())) {
            Client client = site.network.client();
            site.tirl.control("stop").orThrow();
            assertThat(site.tirl.awaitEnd()).isZero();
            List<String> before = site.foreignRules();
            assertThat(before).anyMatch(rule -> rule.contains("OTHERS"));
            assertThat(site.rules("mangle")).noneMatch(rule -> rule.contains("TIRL"));
            assertThat(site.sets()).isBlank();
            assertThat(client.connects(site.address("ipv4"), Site.SSH, Site.PROBE))
                    .isTrue();

            site.tirl.restart();
            site.knock(client, "ipv4", Doors.PLAIN);
            site.tirl.reload("reloaded");
            assertThat(site.foreignRules()).isEqualTo(before);
            // What we let pass goes on to the mark behind us, and by it into the filter.
            assertThat(site.network.server().ask(site.host.program("iptables"), "-nvxL", "INPUT"))
                    .doesNotContainPattern("\\s0\\s+0 ACCEPT .*mark match 0x7");

            site.tirl.control("stop", "--keep").orThrow();
            assertThat(site.tirl.awaitEnd()).isZero();
            site.assertShut(site.network.client(), "ipv6");
            site.assertOpens(client, "ipv4");

            assertThat(site.run("uninstall", "-c", site.tirl.configFile().toString())
                            .orThrow()
                            .out())
                    .contains("nothing is guarded");
            assertThat(site.rules("mangle")).noneMatch(rule -> rule.contains("TIRL"));
            assertThat(site.sets()).isBlank();
            assertThat(site.foreignRules()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @CsvSource({"NFT_IPSET, ipv4", "LEGACY_RULES, ipv6"})
    void publishedPortOfAContainer_isGuardedToo(Kind kind, String family) {
        String config =
                Doors.service("web", "tcp/8443") + Doors.door("web", "tcp/7000 tcp/8000 tcp/9000", "opens = [\"web\"]");
        try (IptablesSite site = IptablesSite.with(kind, config);
                Backend backend = Backend.behind(site.network.server());
                EchoService service = EchoService.listen(backend.namespace(), 443)) {
            Backend.forwarding(site.network.server(), true);
            boolean ipv4 = family.equals("ipv4");
            site.network
                    .server()
                    .run(
                            site.host.program(ipv4 ? "iptables" : "ip6tables"),
                            "-t",
                            "nat",
                            "-A",
                            "PREROUTING",
                            "-p",
                            "tcp",
                            "--dport",
                            "8443",
                            "-j",
                            "DNAT",
                            "--to-destination",
                            ipv4 ? Backend.IPV4 + ":443" : "[" + Backend.IPV6 + "]:443")
                    .orThrow();
            Client client = site.network.client();
            String server = site.address(family);
            assertThat(client.reach(server, WEB, Site.PROBE)).isEqualTo(Reach.SILENT);

            client.syns(server, Site.PACE, Doors.PLAIN);

            Await.until("the container answers", Site.SOON, () -> client.connects(server, WEB, Site.PROBE));
            assertThat(site.network.client().reach(server, WEB, Site.PROBE)).isEqualTo(Reach.SILENT);
            assertThat(service).isNotNull();
        }
    }

    /** The service talks all the time, which is what makes ending a connection hard. */
    @ParameterizedTest
    @CsvSource({"NFT_IPSET, ipv4", "LEGACY_RULES, ipv6"})
    void cut_endsTheSession_andANewLeaseDoesNotBringItBack(Kind kind, String family) throws IOException {
        String config = Doors.plain() + Doors.service("talk", "tcp/80") + "cut = true\n";
        try (IptablesSite site = IptablesSite.with(kind, config);
                Talker talker = Talker.listen(site.network.server(), TALK)) {
            Client client = site.network.client();
            String source = family.equals("ipv6") ? client.ipv6() : client.ipv4();
            site.tirl.control("grant", source, "talk", "--for", "3s").orThrow();

            try (Session session = Session.open(client, site.address(family), TALK)) {
                session.assertHears();
                site.awaitLog("cut 1 connection to tcp/80");
                session.assertDead();
                int heard = talker.heard();
                site.tirl.control("grant", source, "talk", "--for", "1m").orThrow();
                session.assertDead();
                assertThat(talker.heard()).isEqualTo(heard);
                try (Session fresh = Session.open(client, site.address(family), TALK)) {
                    fresh.assertHears();
                }
            }
        }
    }

    /** The one promise that is broken, said at start. A living daemon keeps it. */
    @Test
    void kernelWithoutTime_onlyTheDaemonEndsALease_andTheNextOneAnOverdueOne() {
        String config = Doors.plain() + Doors.door("brief", "tcp/7100 tcp/8100 tcp/9100", "for = \"2s\"");
        try (IptablesSite site = IptablesSite.on(IptablesHost.withoutTime(), config)) {
            assertThat(site.tirl.log()).contains("ONLY the daemon ends: install ipset");
            Client client = site.network.client();
            site.knock(client, "ipv4", 7100, 8100, 9100);
            site.awaitShut(client, "ipv4", Duration.ofSeconds(4));

            Client left = site.network.client();
            site.knock(left, "ipv4", 7100, 8100, 9100);
            long knocked = System.nanoTime();
            site.tirl.end("KILL");
            Await.until("the lease is overdue", Site.SOON, () -> System.nanoTime() - knocked > 2_100_000_000L);
            assertThat(left.connects(site.address("ipv4"), Site.SSH, Site.PROBE))
                    .isTrue();
            site.tirl.restart();

            site.assertShut(left, "ipv4");
            assertThat(site.tirl.log()).contains("removing 1 rules of leases that ended without a daemon");
        }
    }

    @Test
    void revokeCut_ofAServiceWithoutCut_needsIpset_andSaysSo() {
        try (IptablesSite site = IptablesSite.with(Kind.NFT_RULES, Doors.plain())) {
            Client client = site.network.client();
            site.knock(client, "ipv4", Doors.PLAIN);

            Output refused = site.tirl.control("revoke", "--cut", client.ipv4());

            assertThat(refused.succeeded()).isFalse();
            assertThat(refused.err()).contains("the lease is over").contains("without ipset");
            site.assertShut(client, "ipv4");
        }
    }

    /** Addresses without a guard would be an open door. */
    @Test
    void ip6tablesMissing_withIpv6Addresses_isRefusedWithTheRemedy(@TempDir Path directory) throws IOException {
        Path programs = Files.createDirectory(directory.resolve("bin"));
        for (String name : List.of("iptables", "iptables-restore")) {
            Files.copy(Path.of("/usr/sbin/xtables-nft-multi"), programs.resolve(name));
            assertThat(programs.resolve(name).toFile().setExecutable(true)).isTrue();
        }
        Path config = directory.resolve("tirl.toml");
        Files.writeString(
                config,
                "[daemon]\ninterfaces = [\"srv0\"]\nfirewall = \"iptables\"\ncontrol = \"" + directory.resolve("s")
                        + "\"\nstate = \"" + directory.resolve("state") + "\"\n" + Doors.plain());
        try (Network network = Network.create()) {
            Output refused = network.server()
                    .run(
                            Duration.ofSeconds(20),
                            "unshare",
                            "-m",
                            "sh",
                            "-c",
                            "mount -t tmpfs none /usr/sbin && PATH=" + programs + ":/usr/bin:/bin exec "
                                    + TirlProcess.launcher() + " serve -c " + config);

            assertThat(refused.succeeded()).isFalse();
            assertThat(refused.err())
                    .contains("IPv6 addresses and no ip6tables")
                    .contains("install ip6tables")
                    .doesNotContain("\tat ");
        }
    }
}
