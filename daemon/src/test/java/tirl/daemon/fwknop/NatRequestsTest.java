package tirl.daemon.fwknop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tirl.config.Config.FwknopNat;
import tirl.door.Forward;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.fwknop.gate.Action;
import tirl.grant.Nat;
import tirl.packet.Address;
import tirl.packet.Transport;

class NatRequestsTest {
    private static final Address CLIENT = address("192.0.2.10");
    private static final Address CLIENT6 = address("2001:db8::10");
    private static final Address MACHINE = address("10.0.0.5");
    private static final ServicePort WEB = new ServicePort(Transport.TCP, 8080);
    private static final Action.SourceNat UNCHANGED = new Action.SourceNat.Unchanged();
    private static final NatRequests ALL = new NatRequests(List.of(), FwknopNat.FORWARD);
    private static final NatRequests NONE = new NatRequests(List.of(), FwknopNat.NONE);

    private static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }

    private static Action.Forwarding to(
            Address client, String host, Optional<Address> target, boolean translate, Action.SourceNat source) {
        return new Action.Forwarding(client, WEB, new Action.Target(host, target, 80), translate, source, 30);
    }

    private static NatRequests.Answer wanted(Address client, Optional<Nat> nat) {
        return new NatRequests.Answer.Wanted(client, WEB, nat, Duration.ofSeconds(30));
    }

    private static void assertRefused(NatRequests.Answer answer, String why) {
        assertThat(answer)
                .isInstanceOfSatisfying(
                        NatRequests.Answer.Refused.class,
                        refused -> assertThat(refused.why()).contains(why));
    }

    @Test
    void target_andSender_becomeTheLease() {
        assertThat(ALL.forwarding(to(CLIENT, "10.0.0.5", Optional.of(MACHINE), true, UNCHANGED)))
                .isEqualTo(wanted(CLIENT, Nat.parse("10.0.0.5:80")));
        assertThat(ALL.forwarding(
                        to(CLIENT, "10.0.0.5", Optional.of(MACHINE), true, new Action.SourceNat.Masquerade())))
                .isEqualTo(wanted(CLIENT, Nat.parse("10.0.0.5:80,masquerade")));
        Action.SourceNat as = new Action.SourceNat.To(address("10.0.0.1"));
        assertThat(ALL.forwarding(to(CLIENT, "10.0.0.5", Optional.of(MACHINE), true, as)))
                .isEqualTo(wanted(CLIENT, Nat.parse("10.0.0.5:80,10.0.0.1")));
        ServicePort ssh = new ServicePort(Transport.TCP, 22);
        assertThat(ALL.local(new Action.LocalNat(CLIENT, WEB, ssh, 30)))
                .isEqualTo(wanted(CLIENT, Optional.of(Nat.local(22))));
    }

    @Test
    void portThatAServiceForwardsThere_isAPlainLease_butNotWithAnotherSender() {
        Service service = new Service("web", List.of(WEB), false, List.of(new Forward(MACHINE, 80)), false);
        NatRequests iptables = new NatRequests(List.of(service), FwknopNat.NONE);
        assertThat(iptables.forwarding(to(CLIENT, "10.0.0.5", Optional.of(MACHINE), true, UNCHANGED)))
                .isEqualTo(wanted(CLIENT, Optional.empty()));
        NatRequests nftables = new NatRequests(List.of(service), FwknopNat.FORWARD);
        assertThat(nftables.forwarding(
                        to(CLIENT, "10.0.0.5", Optional.of(MACHINE), true, new Action.SourceNat.Masquerade())))
                .isEqualTo(wanted(CLIENT, Nat.parse("10.0.0.5:80,masquerade")));
    }

    @Test
    void whatCannotBe_isRefusedWithItsReason() {
        assertRefused(
                ALL.forwarding(to(CLIENT, "machine", Optional.empty(), true, UNCHANGED)),
                "asks for NAT from tcp/8080 to machine port 80: names are not looked up");
        assertRefused(ALL.forwarding(to(CLIENT, "10.0.0.5", Optional.of(MACHINE), false, UNCHANGED)), "DISABLE_DNAT");
        assertRefused(
                ALL.forwarding(to(CLIENT6, "10.0.0.5", Optional.of(MACHINE), true, UNCHANGED)),
                "nothing translates between IPv4 and IPv6");
        Action.SourceNat six = new Action.SourceNat.To(address("fd00::1"));
        assertRefused(
                ALL.forwarding(to(CLIENT, "10.0.0.5", Optional.of(MACHINE), true, six)),
                "nothing translates between IPv4 and IPv6");
        assertRefused(NONE.forwarding(to(CLIENT, "10.0.0.5", Optional.of(MACHINE), true, UNCHANGED)), "needs nftables");
        assertRefused(NONE.local(new Action.LocalNat(CLIENT, WEB, WEB, 30)), "needs nftables");
    }
}
