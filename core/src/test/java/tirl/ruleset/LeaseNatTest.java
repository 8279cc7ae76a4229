package tirl.ruleset;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tirl.config.Config;
import tirl.config.Config.FirewallMode;
import tirl.config.Config.FwknopNat;
import tirl.recognise.Doors;

/** The text of what sends single leases elsewhere. That it does is shown in the lab. */
class LeaseNatTest {
    private static final String KEY4 = "ip saddr . meta l4proto . th dport";

    private static Config config(FirewallMode mode, FwknopNat nat) {
        Config plain = Doors.config(List.of());
        return plain.withHost(plain.host().withFirewall(mode, plain.mark()))
                .withFwknop(Optional.of(new Config.Fwknop(Path.of("/f"), "udp port 62201", List.of(), nat)));
    }

    @ParameterizedTest
    @EnumSource(
            value = FirewallMode.class,
            names = {"GUARD", "JOIN"})
    void noNat_isTheTextWithoutFwknop(FirewallMode mode) {
        Config with = config(mode, FwknopNat.NONE);
        assertThat(GuardRuleset.of(with).nft())
                .isEqualTo(GuardRuleset.of(with.withFwknop(Optional.empty())).nft())
                .doesNotContain("nat_", "leased_nat", "type nat");
    }

    @Test
    void nat_needsTheLeaseAndTheMap_andIsToThisHostOnly() {
        String text =
                GuardRuleset.of(config(FirewallMode.GUARD, FwknopNat.LOCAL)).nft();
        assertThat(text)
                .contains("add map inet tirl nat_to4 { type ipv4_addr . inet_proto . inet_service : ipv4_addr ."
                        + " inet_service; flags timeout; }\n")
                .contains("leased_nat meta l4proto tcp fib daddr type local " + KEY4 + " @open4 dnat ip to " + KEY4
                        + " map @nat_to4\n")
                .contains("leased_nat meta l4proto udp fib daddr type local " + KEY4 + " @open4 dnat to :" + KEY4
                        + " map @nat_here4\n")
                .contains(
                        "leased_here meta l4proto tcp ct direction original ct status dnat ip saddr . meta l4proto . ct"
                                + " original proto-dst @open4 update @nat_used4 { " + KEY4 + " timeout 7d }\n")
                .contains("@open6 dnat ip6 to ip6 saddr . meta l4proto . th dport map @nat_to6\n")
                .contains("ct status dnat snat ip6 to ip6 saddr . meta l4proto . ct original proto-dst map @nat_as6\n")
                .doesNotContain("flush map", "flush set inet tirl nat_", "delete map", "KEY", "IP", "PROTO", "V ");
    }

    @Test
    void nat_changesNothingElse() {
        String with =
                GuardRuleset.of(config(FirewallMode.GUARD, FwknopNat.FORWARD)).nft();
        String without =
                GuardRuleset.of(config(FirewallMode.GUARD, FwknopNat.NONE)).nft();
        assertThat(with.lines()
                        .filter(line -> !line.contains("nat_")
                                && !line.contains("leased_")
                                && !line.contains("answer ct direction reply ct status dnat accept")))
                .containsExactlyElementsOf(without.lines().toList());
    }

    @Test
    void join_marksPortsThatNothingGuardsToo() {
        String text =
                GuardRuleset.of(config(FirewallMode.JOIN, FwknopNat.FORWARD)).nft();
        String door = "fib daddr type { local, broadcast, multicast } meta l4proto . th dport @guarded goto door\n";
        assertThat(text)
                .containsSubsequence(
                        "tirl guard meta mark and 0x1000 == 0x1000 meta mark set",
                        door,
                        "tirl guard fib daddr type local " + KEY4 + " @open4 goto leased\n",
                        "tirl guard meta l4proto tcp ct direction reply ct status dnat ct original ip saddr . meta"
                                + " l4proto . ct original proto-dst @open4 meta mark set meta mark or 0x1000\n");
        assertThat(GuardRuleset.of(config(FirewallMode.GUARD, FwknopNat.FORWARD))
                        .nft())
                .doesNotContain("@open4 goto leased\nadd rule inet tirl guard");
    }

    @Test
    void trialOfNat_hasItsRules_andSoHasATrialWithoutIt() {
        GuardRuleset with = GuardRuleset.of(config(FirewallMode.GUARD, FwknopNat.FORWARD));
        GuardRuleset without = GuardRuleset.of(config(FirewallMode.GUARD, FwknopNat.NONE));
        for (TrialRuleset trial : List.of(
                new TrialRuleset(without, with, Duration.ofMinutes(1)),
                new TrialRuleset(with, without, Duration.ofMinutes(1)))) {
            assertThat(trial.nft()).contains("map @nat_to4\n");
        }
        assertThat(new TrialRuleset(without, without, Duration.ofMinutes(1)).nft())
                .doesNotContain("nat_");
    }

    @Test
    void leasesThatLeadElsewhere_bringTheRulesWithoutAConfigurationThatDoes() {
        GuardRuleset without = GuardRuleset.of(config(FirewallMode.GUARD, FwknopNat.NONE));
        assertThat(without.withNat(false)).isEqualTo(without);
        assertThat(without.withNat(true).nft())
                .isEqualTo(GuardRuleset.of(config(FirewallMode.GUARD, FwknopNat.FORWARD))
                        .nft());
    }
}
