package tirl.ruleset.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tirl.config.Config.PortRange;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.grant.Opening;
import tirl.grant.TimedOpening;
import tirl.packet.Address;
import tirl.packet.Transport;
import tirl.ruleset.GuardRuleset;
import tirl.ruleset.iptables.IptablesRuleset.LeaseBy;

/** Texts and listings. That the kernel takes them is shown in the lab. */
class IptablesRulesetTest {
    private static final ServicePort SSH = new ServicePort(Transport.TCP, 22);
    private static final ServicePort DNS = new ServicePort(Transport.UDP, 53);
    private static final GuardRuleset GUARD = GuardRuleset.of(
            List.of(new Service("ssh", List.of(SSH)), new Service("dns", List.of(DNS), true, List.of(), false)));
    private static final Address CLIENT = Address.parse("192.0.2.7").orElseThrow();
    private static final long NOW = 1_795_238_369_500L;

    @ParameterizedTest
    @EnumSource(LeaseBy.class)
    void restore_isOneTransactionThatNamesOnlyOurChains(LeaseBy leaseBy) {
        String text = new IptablesRuleset(GUARD, true, leaseBy).restore(List.of(), List.of());

        assertThat(text).startsWith("*mangle\n").endsWith("COMMIT\n").containsOnlyOnce("COMMIT");
        assertThat(text.lines().filter(line -> line.startsWith(":") || line.startsWith("-A")))
                .allMatch(line -> line.matches("(:|-A )TIRL-.*"));
        assertThat(text.lines().filter(line -> line.startsWith("-I")))
                .containsExactly("-I PREROUTING -j TIRL-GUARD", "-I POSTROUTING -j TIRL-ANSWER");
    }

    @Test
    void restore_jumpIsThere_isNotAddedAgain() {
        String text = new IptablesRuleset(GUARD, true, LeaseBy.SET)
                .restore(List.of("-A PREROUTING -j FOREIGN", "-A PREROUTING -j TIRL-GUARD"), List.of());

        assertThat(text).doesNotContain("-I PREROUTING").contains("-I POSTROUTING -j TIRL-ANSWER");
    }

    /** For IPv6 the kernel takes a list of types to mean all of them at once. */
    @Test
    void restore_eachPortIsGuardedForBothVersions() {
        assertThat(new IptablesRuleset(GUARD, true, LeaseBy.SET).restore(List.of(), List.of()))
                .contains(
                        "-A TIRL-GUARD -p tcp -m tcp --dport 22 -m addrtype --dst-type LOCAL,BROADCAST,MULTICAST -g TIRL-LEASES\n",
                        "-A TIRL-LEASES -m set --match-set tirl4 src,dst -g TIRL-LEASED\n-A TIRL-LEASES -g TIRL-DOOR\n",
                        "-A TIRL-DOOR -j DROP\n");
        assertThat(new IptablesRuleset(GUARD, false, LeaseBy.SET).restore(List.of(), List.of()))
                .contains(
                        "-A TIRL-GUARD -p udp -m udp --dport 53 -m addrtype --dst-type LOCAL -g TIRL-LEASES\n",
                        "-A TIRL-GUARD -p udp -m udp --dport 53 -m addrtype --dst-type MULTICAST -g TIRL-LEASES\n",
                        "-m set --match-set tirl6 src,dst");
    }

    @Test
    void restore_spaPorts_areSilentToWhoBeginsThere() {
        GuardRuleset spa = new GuardRuleset(
                GUARD.guarded(),
                GUARD.cut(),
                GUARD.services(),
                Optional.empty(),
                Optional.empty(),
                List.of(new PortRange(40000, 50000)),
                false);
        String drop = "-A TIRL-GUARD -p udp -m udp --dport 40000:50000 -m addrtype --dst-type %s"
                + " -m conntrack --ctstate NEW -j DROP\n";

        assertThat(new IptablesRuleset(spa, true, LeaseBy.RULE).restore(List.of(), List.of()))
                .contains(drop.formatted("LOCAL,BROADCAST,MULTICAST"))
                .containsSubsequence("-A TIRL-GUARD -i lo -j RETURN\n", "--dport 40000:50000");
        assertThat(new IptablesRuleset(spa, false, LeaseBy.RULE).restore(List.of(), List.of()))
                .contains(drop.formatted("LOCAL"), drop.formatted("MULTICAST"));
        assertThat(new IptablesRuleset(GUARD, true, LeaseBy.RULE).restore(List.of(), List.of()))
                .doesNotContain("--ctstate NEW -j DROP");
    }

    @Test
    void leaseRule_ofADevice_keepsItsName() {
        String line = LeaseRule.of(timed("anna-laptop/ssh", 60_000), NOW)
                .text(false)
                .replace(" -s 192.0.2.7 ", " -s 192.0.2.7/32 ")
                .strip();
        assertThat(LeaseRule.parse(line).orElseThrow().label()).isEqualTo("anna-laptop/ssh");
    }

    @Test
    void restore_withoutSets_hasNone() {
        assertThat(new IptablesRuleset(GUARD, true, LeaseBy.DATED_RULE).restore(List.of(), List.of(lease(60_000))))
                .doesNotContain("-m set", "-j SET")
                .contains(" -g TIRL-LEASED\n-A TIRL-LEASES -g TIRL-DOOR\n");
    }

    @ParameterizedTest
    @CsvSource({
        // the lease ends at .5 of a second: the kernel's last whole second is over half a second before
        "60000, 2026-11-21T05:20:28, 1795238429500",
        "2000, 2026-11-21T05:19:30, 1795238371500",
        // too short for that
        "1000, 2026-11-21T05:19:30, 1795238370500",
        "500, 2026-11-21T05:19:29, 1795238370000",
        // longer than iptables can say
        "1000000000000, 2038-01-19T03:14:07, 2795238369500"
    })
    void leaseRule_endsEarlyUnlessItIsVeryShort(long leftMillis, String stop, long endMillis) {
        assertThat(new IptablesRuleset(GUARD, true, LeaseBy.DATED_RULE).restoreLeases(List.of(lease(leftMillis))))
                .contains("-A TIRL-LEASES -s 192.0.2.7 -p tcp -m tcp --dport 22 -m time --datestop " + stop
                        + " -m comment --comment \"tirl " + endMillis + " ");
    }

    @Test
    void leaseRule_onAFullMinute_keepsItsSeconds() {
        LeaseRule rule = LeaseRule.of(timed("ops", 60_000), 1_795_238_341_000L);
        assertThat(rule.text(true)).contains("--datestop 2026-11-21T05:20:00 ");
        assertThat(rule.text(false)).doesNotContain("-m time");
    }

    @Test
    void leaseRule_labelThatIsNoName_cannotLeaveTheComment() {
        assertThat(LeaseRule.of(timed("a\" -j ACCEPT\n", 60_000), NOW).text(true))
                .contains(" a__-j_ACCEPT_\" -g TIRL-LEASED\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-A TIRL-LEASES -s 192.0.2.7/32 -p tcp -m tcp --dport 22 -m time --datestop 2026-11-21T05:20:28"
                        + " -m comment --comment \"tirl 1795238429500 1795238428 grant:ssh\" -g TIRL-LEASED",
                "-A TIRL-LEASES -s 192.0.2.7/32 -p tcp -m tcp --dport 22"
                        + " -m comment --comment \"tirl 1795238429500 1795238428 grant:ssh\" -g TIRL-LEASED"
            })
    void parse_listedLease_givesItBack(String line) {
        LeaseRule rule = LeaseRule.parse(line).orElseThrow();

        assertThat(rule.opening()).isEqualTo(new Opening(CLIENT, SSH));
        assertThat(rule.label()).isEqualTo("grant:ssh");
        assertThat(rule.left(NOW)).isEqualTo(Duration.ofSeconds(60));
        assertThat(rule.left(NOW + 61_000)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-A TIRL-LEASES -g TIRL-DOOR",
                "-A INPUT -s 192.0.2.7/32 -p tcp -m tcp --dport 22 -m comment --comment \"tirl 1 1 a\" -g TIRL-LEASED",
                "-A TIRL-LEASES -s 192.0.2.7/32 -p tcp -m tcp --dport 99999 -m comment --comment \"tirl 1 1 a\" -g X",
                "-A TIRL-LEASES -s 1.2.3/32 -p tcp -m tcp --dport 22 -m comment --comment \"tirl 1 1 a\" -g X",
                "-A TIRL-LEASES -s 192.0.2.7/32 -p tcp -m tcp --dport 22 -m comment --comment"
                        + " \"tirl 99999999999999999999 1 a\" -g X"
            })
    void parse_somethingElse_isNoLease(String line) {
        assertThat(LeaseRule.parse(line)).isEmpty();
    }

    @Test
    void uninstall_takesOursAndNothingElse() {
        List<String> listed = List.of(
                "-P PREROUTING ACCEPT",
                "-N FOREIGN",
                "-N TIRL-GUARD",
                "-A PREROUTING -j TIRL-GUARD",
                "-A PREROUTING -j FOREIGN",
                "-A PREROUTING -j TIRL-GUARD",
                "-A TIRL-GUARD -i lo -j RETURN");

        assertThat(IptablesRuleset.isThere(listed)).isTrue();
        assertThat(IptablesRuleset.uninstall(listed)).isEqualTo("""
                *mangle
                :TIRL-GUARD - [0:0]
                -D PREROUTING -j TIRL-GUARD
                -D PREROUTING -j TIRL-GUARD
                -X TIRL-GUARD
                COMMIT
                """);
        assertThat(IptablesRuleset.isThere(List.of("-P PREROUTING ACCEPT", "-N FOREIGN")))
                .isFalse();
        assertThat(IptablesRuleset.count(listed)).isEqualTo(3);
    }

    private static LeaseRule lease(long leftMillis) {
        return LeaseRule.of(timed("ops", leftMillis), NOW);
    }

    private static TimedOpening timed(String label, long leftMillis) {
        return new TimedOpening(new Opening(CLIENT, SSH), Duration.ofMillis(leftMillis), label);
    }
}
