package tirl.ruleset;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tirl.config.Config;
import tirl.door.BreakGlass;
import tirl.door.Forward;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.door.Step;
import tirl.packet.Address;
import tirl.packet.Transport;
import tirl.recognise.Doors;

/** What the kernel gets for a trial, as text. That it does what it says is shown in the lab. */
class TrialRulesetTest {
    private static final Duration LEFT = Duration.ofMillis(2_500);
    private static final Service SSH = service("ssh", 22, false);
    private static final Service WEB = service("web", 443, false);

    @Test
    void newPorts_haveATimeout_oldOnesStayForGood() {
        assertThat(trial(List.of(SSH), List.of(WEB)))
                .contains("add element inet tirl guarded { tcp . 22 }\n")
                .contains("add element inet tirl guarded { tcp . 443 timeout 2500ms }\n")
                .contains("add element inet tirl trial { tcp timeout 2500ms, udp timeout 2500ms }\n");
    }

    /** nft takes a timeout of 0 for none, and such a port would be shut for good. */
    @Test
    void noTimeLeft_isStillATimeout() {
        for (Duration left : List.of(Duration.ZERO, Duration.ofNanos(10), Duration.ofSeconds(-3))) {
            assertThat(new TrialRuleset(GuardRuleset.of(List.of()), GuardRuleset.of(List.of(SSH)), left).nft())
                    .contains("guarded { tcp . 22 timeout 1ms }")
                    .doesNotContain("timeout 0", "timeout -");
        }
    }

    @Test
    void cut_newPortsForTheTrial_droppedOnesNotDuringIt() {
        assertThat(trial(List.of(service("ssh", 22, true)), List.of(SSH, service("web", 443, true))))
                .contains("add element inet tirl cut { tcp . 443 timeout 2500ms }\n")
                .contains("meta l4proto != @trial meta l4proto . th dport { tcp . 22 } update @bound4 ")
                .doesNotContain("cut { tcp . 22");
        assertThat(trial(List.of(service("ssh", 22, true)), List.of(service("ssh", 22, true), WEB)))
                .contains("add element inet tirl cut { tcp . 22 }\n")
                .doesNotContain("@trial");
    }

    @Test
    void forwards_ofTheTrialComeFirstWhileItLasts() {
        String text = trial(List.of(forwarded("10.0.0.5", false)), List.of(forwarded("10.0.0.6", true)));

        assertThat(text)
                .containsSubsequence(
                        "add rule inet tirl forwards meta l4proto @trial goto trial_forwards\n",
                        "add rule inet tirl forwards fib daddr",
                        "10.0.0.5",
                        "add rule inet tirl trial_forwards fib daddr",
                        "10.0.0.6")
                .contains("add chain inet tirl srcnat")
                .contains("add rule inet tirl masquerades meta l4proto @trial goto trial_masquerades\n")
                .contains("add rule inet tirl trial_masquerades ct status dnat");
        assertThat(trial(List.of(forwarded("10.0.0.5", false)), List.of(SSH, forwarded("10.0.0.5", false))))
                .doesNotContain("@trial");
        assertThat(trial(List.of(forwarded("10.0.0.5", false)), List.of(SSH)))
                .contains("goto trial_forwards")
                .doesNotContain("add rule inet tirl trial_");
    }

    /** What a trial left behind goes with the next ruleset that is none, whoever installs it. */
    @Test
    void confirmed_hasNothingOfATrial() {
        assertThat(GuardRuleset.of(List.of(SSH, forwarded("10.0.0.5", true))).nft())
                .contains("flush set inet tirl trial\n", "flush chain inet tirl trial_forwards\n")
                .contains("flush chain inet tirl trial_masquerades\n")
                .doesNotContain("@trial", "add element inet tirl trial", "add rule inet tirl trial_");
    }

    /** Ports that were silent stay so until the confirmation; those of the trial are as long as it lasts. */
    @Test
    void spaPorts_ofTheTrialAreSilentWhileItLasts() {
        String drop = "fib daddr type { local, broadcast, multicast } udp dport ";
        assertThat(new TrialRuleset(spa(40000), spa(50000), LEFT).nft())
                .contains("add rule inet tirl guard " + drop + "40000 ct state new counter drop\n")
                .contains("add rule inet tirl guard meta l4proto @trial " + drop + "50000 ct state new counter drop\n");
        assertThat(new TrialRuleset(spa(40000), spa(40000), LEFT).nft()).doesNotContain("@trial");
        assertThat(new TrialRuleset(spa(40000), GuardRuleset.of(List.of()), LEFT).nft())
                .contains("40000 ct state new")
                .doesNotContain("@trial");
        assertThat(new TrialRuleset(GuardRuleset.of(List.of()), spa(50000), LEFT).nft())
                .contains("@trial " + drop + "50000", "hook output priority raw");
    }

    private static GuardRuleset spa(int port) {
        return GuardRuleset.of(Doors.config(List.of())
                .withSpa(Optional.of(new Config.Spa(
                        new Config.PortRange(port, port),
                        false,
                        Optional.empty(),
                        Config.Spa.DEFAULT_SKEW,
                        Optional.empty()))));
    }

    @Test
    void breakGlass_isTheConfirmedOne() {
        String text = new TrialRuleset(glass(31001), glass(31002), LEFT).nftOverBreakGlass();

        assertThat(text).contains("tcp dport 31001").doesNotContain("31002");
        assertThat(text).doesNotContain("delete set inet tirl alive");
        assertThat(new TrialRuleset(GuardRuleset.of(List.of(SSH)), glass(31002), LEFT).nftOverBreakGlass())
                .contains("delete set inet tirl alive")
                .doesNotContain("31002");
    }

    @Test
    void atBoot_makesTheTableBeforeItTakesAnythingAway() {
        assertThat(glass(31001).atBoot())
                .containsSubsequence(
                        "add table inet tirl\n", "add chain inet tirl guard {", "flush chain inet tirl guard");
        assertThat(GuardRuleset.of(List.of(SSH)).atBoot())
                .isEqualTo(GuardRuleset.of(List.of(SSH)).nft());
    }

    private static GuardRuleset glass(int first) {
        return GuardRuleset.of(Doors.config(List.of())
                .withBreakGlass(Optional.of(new BreakGlass(
                        List.of(new Step.Tcp(first), new Step.Tcp(22017)),
                        List.of(Doors.SSH),
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(30)))));
    }

    private static String trial(List<Service> confirmed, List<Service> next) {
        return new TrialRuleset(GuardRuleset.of(confirmed), GuardRuleset.of(next), LEFT).nft();
    }

    private static Service service(String name, int port, boolean cut) {
        return new Service(name, List.of(new ServicePort(Transport.TCP, port)), cut, List.of(), false);
    }

    private static Service forwarded(String target, boolean masquerade) {
        return new Service(
                "behind",
                List.of(new ServicePort(Transport.TCP, 8443)),
                false,
                List.of(new Forward(Address.parse(target).orElseThrow(), 443)),
                masquerade);
    }
}
