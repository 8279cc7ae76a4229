package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tirl.lab.IptablesSite.Kind;

/** The promises of guard mode, kept by iptables over nftables and over its own tables, with and without ipset. */
@Tag("netns")
class IptablesFirewallTest {
    private static final int[] BRIEF = {7100, 8100, 9100};
    private static final Duration BRIEF_LEASE = Duration.ofSeconds(3);
    private static final String CONFIG =
            Doors.plain() + Doors.door("brief", "tcp/7100 tcp/8100 tcp/9100", "for = \"3s\"");

    private static final Map<Kind, IptablesSite> SITES = new EnumMap<>(Kind.class);

    @BeforeAll
    static void startDaemons() {
        for (Kind kind : Kind.values()) {
            SITES.put(kind, IptablesSite.with(kind, CONFIG));
        }
    }

    @AfterAll
    static void stopDaemons() {
        SITES.values().forEach(IptablesSite::close);
    }

    static Stream<Arguments> kindsAndFamilies() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of("ipv4", "ipv6").map(family -> Arguments.of(kind, family)));
    }

    @ParameterizedTest
    @MethodSource("kindsAndFamilies")
    void knock_opensForItsSourceOnly(Kind kind, String family) {
        IptablesSite site = site(kind);
        Client client = site.network.client();
        Client stranger = site.network.client();
        site.assertShut(client, family);

        site.knock(client, family, Doors.PLAIN);

        site.assertShut(stranger, family);
        site.assertShut(client, family.equals("ipv4") ? "ipv6" : "ipv4");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void log_saysWhereTheLeasesAre(Kind kind) {
        assertThat(site(kind).tirl.log())
                .contains(kind.hasIpset() ? "leases are in ipset" : "no ipset, so leases are rules")
                .contains(kind.name().startsWith("NFT") ? "(nf_tables) and ip6tables" : "(legacy) and ip6tables");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void leaseOver_portIsShutAgain_onTime(Kind kind) {
        IptablesSite site = site(kind);
        Client client = site.network.client();
        long knocked = System.nanoTime();
        site.knock(client, "ipv4", BRIEF);
        site.knock(client, "ipv6", BRIEF);

        site.awaitShut(client, "ipv4", Duration.ofSeconds(5));
        assertThat(Duration.ofNanos(System.nanoTime() - knocked))
                .isBetween(BRIEF_LEASE.minusMillis(1_100), BRIEF_LEASE.plusMillis(700));
        site.awaitShut(client, "ipv6", Duration.ofSeconds(5));
        // Not by the log: the many leases of another test may end in the same second, and it is bounded.
        Await.until(
                () -> "no lease of " + client.ipv6() + ":\n" + site.tirl.log(),
                Duration.ofSeconds(10),
                () -> !site.tirl.control("leases", "--json").out().contains(client.ipv6()));
        assertThat(site.rules("mangle")).noneMatch(rule -> rule.contains(" brief\""));
    }

    /** The kernel ends it by itself; what is left of it as a rule goes at the next start. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void daemonKilled_leaseEndsOnTime_andTheNextDaemonTakesTheLongOneOver(Kind kind) {
        IptablesSite site = site(kind);
        Client brief = site.network.client();
        Client lasting = site.network.client();
        site.knock(lasting, "ipv6", Doors.PLAIN);
        long knocked = System.nanoTime();
        site.knock(brief, "ipv4", BRIEF);

        site.tirl.end("KILL");
        site.awaitShut(brief, "ipv4", Duration.ofSeconds(5));
        assertThat(Duration.ofNanos(System.nanoTime() - knocked)).isLessThan(BRIEF_LEASE.plusMillis(700));
        assertThat(site.rules("mangle").stream().anyMatch(rule -> rule.contains(" brief\"")))
                .isEqualTo(!kind.hasIpset());
        Await.until("the lease is overdue", Site.SOON, () -> System.nanoTime() - knocked > BRIEF_LEASE.toNanos());
        site.tirl.restart();

        assertThat(site.rules("mangle")).noneMatch(rule -> rule.contains(" brief\""));
        assertThat(site.tirl.log().contains("rules of leases that ended without a daemon"))
                .isEqualTo(!kind.hasIpset());
        assertThat(LeaseRow.of(site.tirl))
                .anySatisfy(lease -> {
                    assertThat(lease.source()).isEqualTo(lasting.ipv6());
                    assertThat(lease.door()).isEqualTo("plain");
                    assertThat(lease.left()).isBetween(15.0, 29.0);
                })
                .noneMatch(lease -> lease.source().equals(brief.ipv4()));
        site.assertOpens(lasting, "ipv6");
        site.assertShut(brief, "ipv4");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void reload_keepsFiftyLeases_andIsNeverOpenToAStranger(Kind kind) {
        IptablesSite site = site(kind);
        List<Client> clients = Stream.generate(site.network::client).limit(50).toList();
        for (int port : Doors.PLAIN) {
            clients.forEach(client -> client.syn(site.address("ipv4"), port));
            Await.pause(Site.PACE);
        }
        clients.forEach(client -> site.assertOpens(client, "ipv4"));

        try (Prober prober = Prober.start(site.network.client(), site.address("ipv4"), Site.SSH)) {
            for (int i = 0; i < 5; i++) {
                int before = prober.attempts();
                site.tirl.reload("reloaded");
                Await.until("some probes", Site.SOON, () -> prober.attempts() > before + 5);
            }
            assertThat(prober.successes()).isZero();
        }

        clients.forEach(client -> assertThat(client.connects(site.address("ipv4"), Site.SSH, Site.PROBE))
                .as("%s", client)
                .isTrue());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void revoke_shutsAtOnce(Kind kind) {
        IptablesSite site = site(kind);
        Client client = site.network.client();
        site.knock(client, "ipv6", Doors.PLAIN);

        site.tirl.control("revoke", client.ipv6()).orThrow();

        site.assertShut(client, "ipv6");
    }

    /** As {@code iptables -F} in a script that makes all rules anew. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void flushOfTheTable_isUndone_andTheLeasesGoOn(Kind kind) {
        IptablesSite site = site(kind);
        Client client = site.network.client();
        Client stranger = site.network.client();
        site.knock(client, "ipv4", Doors.PLAIN);
        long before = linesWith(site, "it is back");

        // It may be back before anybody could see that it was gone.
        site.tirl.signal("STOP");
        try {
            site.iptables("-t", "mangle", "-F");
            assertThat(stranger.connects(site.address("ipv4"), Site.SSH, Site.PROBE))
                    .isTrue();
        } finally {
            site.tirl.signal("CONT");
        }

        Await.until(
                () -> "the chains are back; the log:\n" + site.tirl.log(),
                Duration.ofSeconds(10),
                () -> linesWith(site, "it is back") > before);
        site.assertShut(stranger, "ipv4");
        site.assertShut(stranger, "ipv6");
        site.assertOpens(client, "ipv4");
    }

    private static long linesWith(IptablesSite site, String text) {
        return site.tirl.log().lines().filter(line -> line.contains(text)).count();
    }

    private static IptablesSite site(Kind kind) {
        return Objects.requireNonNull(SITES.get(kind));
    }
}
