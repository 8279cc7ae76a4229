package tirl.ruleset.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tirl.config.Config;
import tirl.door.BreakGlass;
import tirl.door.Step;
import tirl.recognise.Doors;
import tirl.ruleset.GuardRuleset;
import tirl.ruleset.iptables.IptablesRuleset.LeaseBy;

/** Golden texts. That the kernel takes them is shown in the lab. */
class IptablesGlassTest {
    private static final BreakGlass GLASS = new BreakGlass(
            List.of(new Step.Tcp(31001), new Step.Udp(41007), new Step.Tcp(22017)),
            List.of(Doors.SSH),
            Duration.ofMinutes(2),
            Duration.ofMillis(14_500),
            Duration.ofSeconds(30));
    private static final Config WITHOUT = Doors.config(List.of());
    private static final GuardRuleset GUARD = GuardRuleset.of(WITHOUT.withBreakGlass(Optional.of(GLASS)));

    private static IptablesRuleset rules(GuardRuleset guard, boolean ipv4) {
        return new IptablesRuleset(guard, ipv4, LeaseBy.SET);
    }

    @Test
    void restore_threeSteps_isThisChain() {
        String text = rules(GUARD, true).restore(List.of(), List.of());

        assertThat(text.lines().filter(line -> line.startsWith("-A TIRL-GLASS ")))
                .extracting(line -> line.replace("-A TIRL-GLASS ", "").replace("-m set --match-set ", "in "))
                .containsExactly(
                        "-p tcp -m tcp --dport 443 -j RETURN",
                        "-p tcp -m tcp --dport 22017 in tirl-g1-4 src in tirl-g2-4 src -g TIRL-OPENS",
                        "-p udp -m udp --dport 41007 in tirl-g1-4 src -m set ! --match-set tirl-g2-4 src"
                                + " -j SET --add-set tirl-g2-4 src --exist --timeout 15",
                        "-p udp -m udp --dport 41007 in tirl-g1-4 src in tirl-g2-4 src -j RETURN",
                        "-p tcp -m tcp --dport 31001 -j SET --del-set tirl-g2-4 src",
                        "-p tcp -m tcp --dport 31001 -j SET --add-set tirl-g1-4 src --exist --timeout 15",
                        "-p tcp -m tcp --dport 31001 -j RETURN",
                        "-j SET --del-set tirl-g1-4 src");
        assertThat(text)
                .contains("-A TIRL-OPENS -j SET --add-set tirl-gopen4 src --exist --timeout 120\n")
                .contains("-A TIRL-GUARD -p udp -m conntrack --ctstate NEW -m addrtype --dst-type LOCAL"
                        + " -m set ! --match-set tirl-alive4 src -g TIRL-GLASS\n");
    }

    @Test
    void restore_opensBeforeTheDrop_inItsOwnVersion() {
        assertThat(rules(GUARD, false).restore(List.of(), List.of()))
                .contains("""
                        -A TIRL-DOOR -p tcp -m tcp --dport 22 -m set --match-set tirl-gopen6 src -j RETURN
                        -A TIRL-DOOR -j DROP
                        """)
                .doesNotContain("tirl-gopen4");
    }

    @Test
    void restore_withoutIt_takesItsChainsAwayWhereTheyAre() {
        IptablesRuleset without = rules(GuardRuleset.of(WITHOUT), true);

        assertThat(without.restore(List.of("-N TIRL-GLASS", "-N TIRL-OPENS"), List.of()))
                .contains(":TIRL-GLASS - [0:0]\n")
                .endsWith("-X TIRL-GLASS\n-X TIRL-OPENS\nCOMMIT\n");
        assertThat(without.restore(List.of(), List.of())).doesNotContain("GLASS", "OPENS", "tirl-g", "tirl-alive");
    }

    @Test
    void create_hasBoundedSets_andEmptiesOnlyTheSteps() {
        IptablesGlass glass = new IptablesGlass(GUARD.breakGlass().orElseThrow(), false);

        assertThat(glass.create())
                .contains("create tirl-g1-6 hash:ip family inet6 timeout 0 maxelem 65536\nflush tirl-g1-6\n")
                .contains("create tirl-gopen6 hash:ip family inet6 timeout 0 maxelem 1024\n")
                .doesNotContain("flush tirl-gopen6", "flush tirl-gused6", "flush tirl-alive6");
        assertThat(IptablesGlass.names(false)).containsAll(glass.sets());
    }
}
