package tirl.ruleset;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tirl.config.Config;
import tirl.config.Config.FirewallMode;
import tirl.door.BreakGlass;
import tirl.door.Door;
import tirl.door.FlagCondition;
import tirl.door.Forward;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.door.Step;
import tirl.packet.Address;
import tirl.packet.TcpFlags;
import tirl.packet.Transport;
import tirl.recognise.Doors;

/** Golden texts. That the kernel takes them is shown in the linux and lab modules. */
class RulesetTest {
    @Test
    void nft_twoServices_isOneTransactionThatKeepsLeaseSets() {
        String text = GuardRuleset.of(List.of(
                        Doors.SSH,
                        new Service(
                                "dns",
                                List.of(new ServicePort(Transport.UDP, 53), new ServicePort(Transport.TCP, 53)))))
                .nft();
        assertThat(text)
                .contains("add element inet tirl guarded { tcp . 22, tcp . 53, udp . 53 }\n")
                .doesNotContain("flush set inet tirl open4")
                .doesNotContain("flush set inet tirl open6")
                .doesNotContain("flush ruleset")
                .doesNotContain("delete table");
    }

    @Test
    void nft_noService_addsNoEmptyElementList() {
        assertThat(GuardRuleset.of(List.of()).nft()).doesNotContain("add element");
    }

    @Test
    void nft_breakGlass_threeSteps_isThisChain() {
        BreakGlass glass = new BreakGlass(
                List.of(new Step.Tcp(31001), new Step.Udp(41007), new Step.Tcp(22017)),
                List.of(Doors.SSH),
                Duration.ofMinutes(2),
                Duration.ofSeconds(15),
                Duration.ofSeconds(30));
        String text = GuardRuleset.of(Doors.config(List.of()).withBreakGlass(Optional.of(glass)))
                .nft();

        assertThat(text.lines().filter(line -> line.contains("rule inet tirl glass4 ")))
                .extracting(line -> line.replace("add rule inet tirl glass4 ", ""))
                .containsExactly(
                        "tcp dport 22017 ip saddr @glass_step1_4 ip saddr @glass_step2_4 goto glass_opens4",
                        "udp dport 41007 ip saddr @glass_step1_4 ip saddr != @glass_step2_4"
                                + " add @glass_step2_4 { ip saddr timeout 15s } return",
                        "udp dport 41007 ip saddr @glass_step1_4 ip saddr @glass_step2_4 return",
                        "tcp dport 31001 delete @glass_step2_4 { ip saddr }",
                        "tcp dport 31001 update @glass_step1_4 { ip saddr timeout 15s } return",
                        "delete @glass_step1_4 { ip saddr }");
        assertThat(text)
                .contains("tirl glass meta l4proto . th dport { tcp . 443 } return\n")
                .contains("tirl guard meta l4proto udp ct state new meta l4proto != @alive fib daddr type local goto")
                .contains("tirl door ip6 saddr @glass_open6 meta l4proto . th dport { tcp . 22 } accept\n");
        assertThat(GuardRuleset.of(Doors.config(List.of())).nft()).doesNotContain("glass", "alive");
    }

    @Test
    void captureFilter_tcpDoor_letsOnlyConnectsThrough() {
        assertThat(filter(Doors.door("a", "tcp/7000 tcp/9000")))
                .isEqualTo("(tcp and (dst portrange 1-65535 and not dst port 443)"
                        + " and ((ip and tcp[13] & 18 = 2) or (ip6 and ip6[53] & 18 = 2)))"
                        + " or (ip6 and (ip6[6] = 0 or ip6[6] = 43 or ip6[6] = 44 or ip6[6] = 51 or ip6[6] = 60))"
                        + " or (ip and ip[6:2] & 0x3fff != 0)");
    }

    @Test
    void captureFilter_otherProtocolsAndFlags_areLetThrough() {
        FlagCondition fin = new FlagCondition(TcpFlags.FIN, TcpFlags.ACK);
        assertThat(filter(Doors.door("a", "udp/7000 icmp/echo"), Doors.door("b", "tcp/1", fin, true, true)))
                .contains("tcp[13] & 17 = 1", "(udp and", "icmp[0] = 8", "ip6[40] = 128");
    }

    @Test
    void captureFilter_publicPortThatIsAStep_isLetThrough() {
        assertThat(filter(Doors.door("a", "tcp/443 tcp/9000"))).contains("or dst port 443)");
    }

    @Test
    void captureFilter_noDoor_letsNothingThrough() {
        assertThat(filter()).isEqualTo("less 0");
    }

    private static String filter(Door... doors) {
        return CaptureFilter.of(Doors.config(List.of(doors))).expression();
    }

    @Test
    void nft_forward_isForLeasedSourcesToThisHostOnly() {
        String text = GuardRuleset.of(List.of(web(true))).nft();
        assertThat(text)
                .contains("add rule inet tirl forwards fib daddr type local ip saddr . meta l4proto . th dport @open4"
                        + " tcp dport 8443 dnat ip to 10.0.0.5:443\n")
                .contains("@open6 tcp dport 8443 dnat ip6 to [fd00::5]:443\n")
                .contains("ct status dnat meta l4proto tcp ct original proto-dst 8443 ip daddr 10.0.0.5 tcp dport 443"
                        + " masquerade\n");
        assertThat(GuardRuleset.of(List.of(web(false))).nft())
                .doesNotContain("ip daddr 10.0.0.5")
                .doesNotContain("type nat hook postrouting");
    }

    @Test
    void nft_noForward_hooksIntoNoNatAndDeletesNothing() {
        assertThat(GuardRuleset.of(List.of(Doors.SSH)).nft())
                .contains("flush chain inet tirl forwards", "flush chain inet tirl masquerades")
                .doesNotContain("type nat", "delete chain", "delete set", "flush set inet tirl bound");
    }

    @Test
    void nft_joinMode_marksAllThatTheDoorLetsPass_andAnswersOfMachinesBehind() {
        BreakGlass glass = new BreakGlass(
                List.of(new Step.Tcp(31001), new Step.Udp(41007)),
                List.of(Doors.SSH),
                Duration.ofMinutes(2),
                Duration.ofSeconds(15),
                Duration.ofSeconds(30));
        Config config =
                Doors.config(List.of()).withBreakGlass(Optional.of(glass)).withServices(List.of(Doors.SSH));
        String guard = GuardRuleset.of(config).nft();
        String join = GuardRuleset.of(config.withHost(config.host().withFirewall(FirewallMode.JOIN, 0x1000)))
                .nft();

        assertThat(guard).doesNotContain("mark");
        List<String> passing = guard.lines()
                .filter(line -> line.contains(" tirl door ") || line.contains(" tirl leased "))
                .filter(line -> line.endsWith("accept"))
                .toList();
        assertThat(passing).hasSize(6);
        assertThat(join.lines())
                .containsAll(passing.stream()
                        .map(line -> line.replaceAll("accept$", "meta mark set meta mark or 0x1000 accept"))
                        .toList())
                .doesNotContainAnyElementsOf(passing)
                .contains("add rule inet tirl guard ct direction reply ct status dnat meta l4proto tcp"
                        + " ct original proto-dst { 22 } meta mark set meta mark or 0x1000");
        assertThat(join.lines().filter(line -> line.startsWith("add rule inet tirl guard ")))
                .first()
                .asString()
                .endsWith(" meta mark and 0x1000 == 0x1000 meta mark set meta mark and 0xffffefff");
        assertThat(join.lines().filter(line -> !line.contains("mark")))
                .containsExactlyElementsOf(
                        guard.lines().filter(line -> !passing.contains(line)).toList());
    }

    @Test
    void nft_cut_namesItsPorts() {
        Service ssh = new Service("ssh", Doors.SSH.ports(), true, List.of(), false);
        assertThat(GuardRuleset.of(List.of(ssh, web(false))).nft())
                .contains("add element inet tirl cut { tcp . 22 }\n")
                .contains("add element inet tirl guarded { tcp . 22, tcp . 8443 }\n");
    }

    @Test
    void nft_spa_itsPortsAreSilent_andAnswersNotTracked() {
        String text = GuardRuleset.of(spa(62201, 62201, false)).nft();
        assertThat(text)
                .containsSubsequence(
                        "flush chain inet tirl guard\n",
                        "add rule inet tirl guard iif \"lo\" accept\n",
                        "add rule inet tirl guard fib daddr type { local, broadcast, multicast } udp dport 62201"
                                + " ct state new counter drop\n")
                .contains("add chain inet tirl replies { type filter hook output priority raw; policy accept; }\n")
                .contains("add rule inet tirl untracked meta priority 7469:726c udp length 104 notrack\n");
        assertThat(GuardRuleset.of(spa(40000, 50000, false)).nft()).contains(" udp dport 40000-50000 ct state new ");
    }

    @Test
    void nft_noSpa_leavesNothingOfItBehindAndDeletesNothing() {
        assertThat(GuardRuleset.of(Doors.config(List.of())).nft())
                .contains("flush chain inet tirl untracked\n")
                .doesNotContain("rule inet tirl untracked", "hook output priority raw", "udp dport", "delete chain");
    }

    @Test
    void captureFilter_spaWithoutDoors_letsPacketsOfItsLengthsThrough() {
        assertThat(CaptureFilter.of(spa(62201, 62201, false)).expression())
                .isEqualTo("(udp and dst portrange 62201-62201 and ((ip and (udp[4:2] = 152 or udp[4:2] = 1240))"
                        + " or (ip6 and (ip6[4:2] = 152 or ip6[4:2] = 1240))))"
                        + " or (ip6 and (ip6[6] = 0 or ip6[6] = 43 or ip6[6] = 44 or ip6[6] = 51 or ip6[6] = 60))"
                        + " or (ip and ip[6:2] & 0x3fff != 0)");
        assertThat(CaptureFilter.of(spa(40000, 50000, true)).expression())
                .contains("dst portrange 40000-50000", "icmp[0] = 8", "(ip[2:2] - ((ip[0] & 15) << 2)) = 1240")
                .contains("ip6[40] = 128 and (ip6[4:2] = 152")
                .doesNotContain("icmp[0] = 0");
    }

    @Test
    void captureFilter_spaAndDoors_isBoth() {
        Config config = spa(62201, 62201, false).withDoors(List.of(Doors.door("a", "tcp/7000 tcp/9000")));
        assertThat(CaptureFilter.of(config).expression())
                .startsWith("(udp and dst portrange 62201-62201 and ")
                .endsWith(" or " + filter(Doors.door("a", "tcp/7000 tcp/9000")));
    }

    private static Config spa(int first, int last, boolean icmp) {
        return Doors.config(List.of())
                .withSpa(Optional.of(new Config.Spa(
                        new Config.PortRange(first, last),
                        icmp,
                        Optional.empty(),
                        Config.Spa.DEFAULT_SKEW,
                        Optional.empty())));
    }

    private static Service web(boolean masquerade) {
        return new Service(
                "web",
                List.of(new ServicePort(Transport.TCP, 8443)),
                false,
                List.of(
                        new Forward(Address.parse("10.0.0.5").orElseThrow(), 443),
                        new Forward(Address.parse("fd00::5").orElseThrow(), 443)),
                masquerade);
    }
}
