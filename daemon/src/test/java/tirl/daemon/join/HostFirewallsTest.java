package tirl.daemon.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tirl.join.Detection;
import tirl.join.Finding;
import tirl.join.Finding.Standing;
import tirl.join.FirewallKind;
import tirl.join.JoinPoint;
import tirl.join.JoinPoint.IptablesChain;
import tirl.join.JoinPoint.NftChain;
import tirl.join.JoinRule;
import tirl.join.OwnRule;
import tirl.join.Variant;

class HostFirewallsTest {
    private static final JoinRule RULE = new JoinRule(0x1000);
    private static final JoinPoint POINT = new NftChain("inet", "host", "input");
    private static final JoinPoint ELSEWHERE = new IptablesChain(Variant.NFT, false, "INPUT");

    private static List<String> commands(Standing standing, OwnRule... own) {
        Finding finding = new Finding(FirewallKind.NFTABLES, POINT, false, standing);
        return HostFirewalls.commands(new Detection(List.of(finding), List.of(own)), RULE).stream()
                .map(words -> String.join(" ", words))
                .toList();
    }

    private static final String ADD =
            "nft insert rule inet host input meta mark and 0x1000 == 0x1000 accept comment tirl";
    private static final String REMOVE = "nft delete rule inet host input handle ";

    @Test
    void missingRule_isAdded() {
        assertThat(commands(Standing.MISSING)).containsExactly(ADD);
    }

    @Test
    void ruleInPlace_stays_andNothingElseIsTouched() {
        assertThat(commands(Standing.IN_PLACE, new OwnRule(POINT, RULE, "5"), new OwnRule(ELSEWHERE, RULE, "")))
                .isEmpty();
    }

    @Test
    void secondRule_andOneWithAnOldMark_go() {
        assertThat(commands(
                        Standing.IN_PLACE,
                        new OwnRule(POINT, new JoinRule(0x20), "4"),
                        new OwnRule(POINT, RULE, "5"),
                        new OwnRule(POINT, RULE, "6")))
                .containsExactly(REMOVE + "4", REMOVE + "6");
    }

    @Test
    void ruleBehindADrop_isMoved() {
        assertThat(commands(Standing.BEHIND_A_DROP, new OwnRule(POINT, RULE, "5")))
                .containsExactly(REMOVE + "5", ADD);
    }

    /** iptables takes the first that fits, so two rules that are alike need one removal. */
    @Test
    void ruleThatIsThereTwice_goesOnce_andTheOneInTheHooksOwnChainToo() {
        IptablesChain direct = new IptablesChain(Variant.NFT, false, "INPUT_direct");
        Finding finding = new Finding(FirewallKind.FIREWALLD, direct, false, Standing.IN_PLACE);
        OwnRule here = new OwnRule(direct, RULE, "");
        OwnRule hook = new OwnRule(ELSEWHERE, RULE, "");

        assertThat(HostFirewalls.commands(new Detection(List.of(finding), List.of(here, here, hook)), RULE))
                .containsExactly(here.removal(), hook.removal());
        assertThat(HostFirewalls.commands(new Detection(List.of(finding), List.of(hook)), RULE))
                .containsExactly(direct.insertion(RULE), hook.removal());
    }
}
