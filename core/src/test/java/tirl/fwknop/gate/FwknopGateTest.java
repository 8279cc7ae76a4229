package tirl.fwknop.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static tirl.fwknop.gate.Gates.ALICE;
import static tirl.fwknop.gate.Gates.BOB;
import static tirl.fwknop.gate.Gates.SSH;
import static tirl.fwknop.gate.Gates.decide;
import static tirl.fwknop.gate.Gates.granted;
import static tirl.fwknop.gate.Gates.port;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.fwknop.SpaRequest;
import tirl.packet.Address;

class FwknopGateTest {
    private static final String NAT = "ENABLE_IPT_FORWARDING Y\nENABLE_IPT_LOCAL_NAT Y\n";

    private static DenyReason denied(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Denied.class);
        return ((Decision.Denied) decision).why();
    }

    @Test
    void access_opensThePortsForTheUsualTime() {
        assertThat(granted(decide("", "", Sender.access(Sender.CLIENT, "tcp/22", "udp/53"))))
                .isEqualTo(new Action.Open(Sender.CLIENT, List.of(port("tcp/22"), port("udp/53")), 30));
    }

    @ParameterizedTest
    @CsvSource({"0,20", "7,7", "100,100", "101,100", "65536,100"})
    void timeout_isTheClientsUpToTheMost(int wanted, int seconds) {
        Decision decision = decide("", "FW_ACCESS_TIMEOUT 20\nMAX_FW_TIMEOUT 100", Sender.lasting(wanted, "tcp/22"));

        assertThat(granted(decision)).isEqualTo(new Action.Open(Sender.CLIENT, List.of(port("tcp/22")), seconds));
    }

    @Test
    void noAddress_isThatOfThePacket_alsoInIpv6() {
        FwknopGate gate = Gates.of("", Gates.stanza(ALICE.key()));
        Address six = Address.parse("2001:db8::7").orElseThrow();
        byte[] packet = ALICE.send(Sender.access(Sender.ANYBODY, "tcp/22"));

        assertThat(granted(gate.decide(packet, six, Sender.SERVER, Sender.NOW)))
                .isEqualTo(new Action.Open(six, List.of(port("tcp/22")), 30));
        assertThat(denied(decide("", "REQUIRE_SOURCE_ADDRESS Y", Sender.access(Sender.ANYBODY, "tcp/22"))))
                .isEqualTo(DenyReason.NO_ADDRESS);
        assertThat(granted(decide("", "REQUIRE_SOURCE_ADDRESS Y", SSH))).isInstanceOf(Action.Open.class);
        assertThat(denied(decide("", "", Sender.access(Address.ofIpv4(0xe0000001), "tcp/22"))))
                .isEqualTo(DenyReason.ADDRESS);
    }

    @ParameterizedTest
    @CsvSource({"-120,", "120,", "-121,STALE", "121,FUTURE", "-1000000,STALE"})
    void age_isMeasuredBothWays(long offset, String reason) {
        FwknopGate gate = Gates.of("", Gates.stanza(ALICE.key()));

        Decision decision = decide(gate, ALICE.send(SSH, "alice", Sender.NOW + offset));

        if (reason == null) {
            assertThat(granted(decision)).isInstanceOf(Action.Open.class);
            assertThat(((Decision.Granted) decision).identity().freshUntil()).isEqualTo(Sender.NOW + offset + 120);
        } else {
            assertThat(denied(decision)).isEqualTo(DenyReason.valueOf(reason));
        }
    }

    @Test
    void age_withoutAging_isRememberedForEver() {
        FwknopGate gate = Gates.of("ENABLE_SPA_PACKET_AGING N", Gates.stanza(ALICE.key()));

        Decision decision = decide(gate, ALICE.send(SSH, "alice", 1));

        assertThat(granted(decision)).isInstanceOf(Action.Open.class);
        assertThat(((Decision.Granted) decision).identity().freshUntil()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void user_hasToBeTheOne() {
        FwknopGate gate = Gates.of("", Gates.stanza(ALICE.key(), "REQUIRE_USERNAME alice"));

        assertThat(granted(decide(gate, ALICE.send(SSH)))).isInstanceOf(Action.Open.class);
        assertThat(denied(decide(gate, ALICE.send(SSH, "Alice", Sender.NOW)))).isEqualTo(DenyReason.USER);
    }

    @Test
    void expiredStanza_givesNothing() {
        assertThat(denied(decide("", "ACCESS_EXPIRE_EPOCH " + Sender.NOW, SSH))).isEqualTo(DenyReason.EXPIRED);
        assertThat(granted(decide("", "ACCESS_EXPIRE_EPOCH " + (Sender.NOW + 1), SSH)))
                .isInstanceOf(Action.Open.class);
    }

    @Test
    void ports_haveAllToBeAllowed() {
        String lists = "OPEN_PORTS tcp/22, tcp/80\nRESTRICT_PORTS tcp/80";

        assertThat(granted(decide("", lists, SSH))).isInstanceOf(Action.Open.class);
        assertThat(denied(decide("", lists, Sender.access(Sender.CLIENT, "tcp/22", "tcp/443"))))
                .isEqualTo(DenyReason.PORT);
        assertThat(denied(decide("", lists, Sender.access(Sender.CLIENT, "tcp/80"))))
                .isEqualTo(DenyReason.PORT);
        assertThat(denied(decide("", lists, Sender.access(Sender.CLIENT, "udp/22"))))
                .isEqualTo(DenyReason.PORT);
    }

    /** fwknopd 2.6.10 grants the first three. */
    @Test
    void natTargets_areMeasuredAgainstTheLists() {
        String lists = "OPEN_PORTS tcp/8080\nRESTRICT_PORTS tcp/22";

        assertThat(denied(decide(NAT, lists, Sender.nat("tcp/8080", "127.0.0.1", 22, true))))
                .isEqualTo(DenyReason.TARGET_PORT);
        assertThat(denied(decide(NAT, lists, Sender.nat("tcp/8080", "10.0.0.5", 3306, false))))
                .isEqualTo(DenyReason.TARGET_PORT);
        assertThat(denied(decide(NAT, "RESTRICT_PORTS tcp/22", Sender.nat("tcp/8080", "10.0.0.5", 22, false))))
                .isEqualTo(DenyReason.TARGET_PORT);
        assertThat(denied(decide(NAT, lists, Sender.nat("tcp/22", "10.0.0.5", 8080, false))))
                .isEqualTo(DenyReason.PORT);
        assertThat(granted(decide(NAT, lists, Sender.nat("tcp/8080", "10.0.0.5", 8080, false))))
                .isInstanceOf(Action.Forwarding.class);
    }

    @Test
    void forward_namesItsDestination() {
        assertThat(granted(decide(NAT, "", Sender.nat("tcp/8080", "10.0.0.5", 80, false))))
                .isEqualTo(new Action.Forwarding(
                        Sender.CLIENT,
                        port("tcp/8080"),
                        new Action.Target("10.0.0.5", Address.parse("10.0.0.5"), 80),
                        true,
                        new Action.SourceNat.Unchanged(),
                        30));
        assertThat(granted(decide(NAT, "", Sender.nat("tcp/8080", "web.example.org", 80, false))))
                .isInstanceOfSatisfying(
                        Action.Forwarding.class,
                        forward -> assertThat(forward.target())
                                .isEqualTo(new Action.Target("web.example.org", Optional.empty(), 80)));
        assertThat(denied(decide(NAT + "ENABLE_NAT_DNS N", "", Sender.nat("tcp/8080", "web.example.org", 80, false))))
                .isEqualTo(DenyReason.TARGET_NAME);
        for (String host : List.of("127.0.0.1", "0.0.0.0", "224.0.0.1", "169.254.1.1", "::1")) {
            assertThat(denied(decide(NAT, "", Sender.nat("tcp/8080", host, 80, false))))
                    .isEqualTo(DenyReason.TARGET);
        }
    }

    @Test
    void nat_isOffUnlessEnabled() {
        assertThat(denied(decide("", "", Sender.nat("tcp/8080", "10.0.0.5", 80, false))))
                .isEqualTo(DenyReason.FORWARDING);
        assertThat(denied(decide("ENABLE_IPT_FORWARDING Y", "", Sender.nat("tcp/8080", "x", 22, true))))
                .isEqualTo(DenyReason.LOCAL_NAT);
        assertThat(granted(decide(NAT, "", Sender.nat("tcp/8080", "x", 22, true))))
                .isEqualTo(new Action.LocalNat(Sender.CLIENT, port("tcp/8080"), port("tcp/22"), 30));
    }

    @Test
    void forcedNat_leadsWhereTheAdministratorSays() {
        Action.Target inner = new Action.Target("10.0.0.5", Address.parse("10.0.0.5"), 443);

        assertThat(granted(decide(NAT, "FORCE_NAT 10.0.0.5 443\nFORCE_SNAT 10.0.0.1\nOPEN_PORTS tcp/22", SSH)))
                .isEqualTo(new Action.Forwarding(
                        Sender.CLIENT,
                        port("tcp/22"),
                        inner,
                        true,
                        new Action.SourceNat.To(Address.ofIpv4(0x0a000001)),
                        30));
        assertThat(granted(decide(
                        NAT, "FORCE_NAT 10.0.0.5 443\nDISABLE_DNAT Y", Sender.nat("tcp/22", "10.9.9.9", 1, false))))
                .isEqualTo(new Action.Forwarding(
                        Sender.CLIENT, port("tcp/22"), inner, false, new Action.SourceNat.Unchanged(), 30));
        assertThat(granted(decide(NAT, "FORWARD_ALL Y\nFORCE_MASQUERADE Y", SSH)))
                .isEqualTo(new Action.ForwardAll(
                        Sender.CLIENT, port("tcp/22"), Optional.empty(), new Action.SourceNat.Masquerade(), 30));
        assertThat(granted(decide(NAT, "FORWARD_ALL Y\nFORCE_NAT 10.0.0.5 443", SSH)))
                .isInstanceOfSatisfying(
                        Action.ForwardAll.class,
                        all -> assertThat(all.translate()).contains(inner));
        assertThat(granted(decide("", "FORWARD_ALL Y", SSH))).isInstanceOf(Action.Open.class);
    }

    @Test
    void sourceNat_comesFromTheDaemonsFileToo() {
        SpaRequest request = Sender.nat("tcp/8080", "10.0.0.5", 80, false);

        assertThat(((Action.Forwarding) granted(decide(NAT + "ENABLE_IPT_SNAT Y", "", request))).sourceNat())
                .isEqualTo(new Action.SourceNat.Masquerade());
        assertThat(((Action.Forwarding)
                                granted(decide(NAT + "ENABLE_IPT_SNAT Y\nSNAT_TRANSLATE_IP 192.0.2.1", "", request)))
                        .sourceNat())
                .isEqualTo(new Action.SourceNat.To(Address.ofIpv4(0xc0000201)));
    }

    @Test
    void command_isOffUnlessEnabled_andNoShellsLine() {
        SpaRequest command = new SpaRequest.Command(Sender.CLIENT, "touch  /tmp/x; 'rm' $(id)");

        assertThat(denied(decide("", "", command))).isEqualTo(DenyReason.COMMANDS);
        assertThat(granted(decide("CMD_EXEC_TIMEOUT 9", "ENABLE_CMD_EXEC Y\nCMD_EXEC_USER nobody", command)))
                .isInstanceOfSatisfying(Action.Run.class, run -> {
                    assertThat(run.words()).containsExactly("touch", "/tmp/x;", "'rm'", "$(id)");
                    assertThat(run.rules().user()).contains("nobody");
                    assertThat(run.timeoutSeconds()).isEqualTo(9);
                });
        assertThat(denied(decide("", "ENABLE_CMD_EXEC Y", new SpaRequest.Command(Sender.CLIENT, "x ".repeat(31)))))
                .isEqualTo(DenyReason.COMMAND);
        assertThat(denied(decide("", "ENABLE_CMD_EXEC Y", new SpaRequest.Command(Sender.CLIENT, "  "))))
                .isEqualTo(DenyReason.COMMAND);
    }

    @Test
    void cycle_isFilledWordByWord() {
        String cycle = "CMD_CYCLE_OPEN /bin/open $SRC/$PKT_SRC $PORT,$PROTO $TIMEOUT-$CLIENT_TIMEOUT $DST $$IP $X\n"
                + "CMD_CYCLE_CLOSE /bin/close $IP\nCMD_CYCLE_TIMER 7\nOPEN_PORTS tcp/22";

        assertThat(granted(decide("", cycle, SSH))).isInstanceOfSatisfying(Action.Cycle.class, action -> {
            assertThat(action.open())
                    .containsExactly(
                            "/bin/open",
                            "192.0.2.10/192.0.2.10",
                            "22,6",
                            (Sender.NOW + 7) + "-0",
                            "198.51.100.1",
                            "$192.0.2.10",
                            "$X");
            assertThat(action.close()).contains(List.of("/bin/close", "192.0.2.10"));
            assertThat(action.seconds()).isEqualTo(7);
        });
        assertThat(((Action.Cycle) granted(decide("", cycle, Sender.lasting(50, "tcp/22")))).seconds())
                .isEqualTo(50);
        assertThat(denied(decide("", cycle, Sender.access(Sender.CLIENT, "tcp/23"))))
                .isEqualTo(DenyReason.PORT);
        assertThat(((Action.Cycle) granted(decide("", "CMD_CYCLE_OPEN /x\nCMD_CYCLE_CLOSE NONE", SSH))).close())
                .isEmpty();
    }

    @Test
    void stanzas_areTriedInOrder_untilOneGrants() {
        String same = Gates.stanza(ALICE.key(), "OPEN_PORTS tcp/80")
                + Gates.stanza(BOB.key())
                + Gates.stanza(ALICE.key(), "OPEN_PORTS tcp/22", "FW_ACCESS_TIMEOUT 11");
        FwknopGate gate = Gates.of("", same);

        assertThat(granted(decide(gate, ALICE.send(SSH))))
                .isEqualTo(new Action.Open(Sender.CLIENT, List.of(port("tcp/22")), 11));
        assertThat(denied(decide(gate, ALICE.send(Sender.access(Sender.CLIENT, "tcp/443")))))
                .isEqualTo(DenyReason.PORT);
        assertThat(((Decision.Granted) decide(gate, BOB.send(SSH))).stanza().line())
                .isEqualTo(5);
    }

    @Test
    void source_andDestination_areThosesOfThePacket() {
        FwknopGate gate = Gates.of(
                "",
                "SOURCE 10.0.0.0/8, 192.0.2.10\nDESTINATION 198.51.100.0/24\nKEY " + ALICE.key() + "\nHMAC_KEY hmac of "
                        + ALICE.key());
        byte[] packet = ALICE.send(SSH);

        assertThat(granted(decide(gate, packet))).isInstanceOf(Action.Open.class);
        assertThat(gate.decide(packet, Address.ofIpv4(0xc000020b), Sender.SERVER, Sender.NOW))
                .isEqualTo(new Decision.Ignored(Dismissal.SOURCE));
        assertThat(gate.decide(packet, Sender.CLIENT, Sender.CLIENT, Sender.NOW))
                .isEqualTo(new Decision.Ignored(Dismissal.SOURCE));
        assertThat(gate.count(Dismissal.SOURCE)).isEqualTo(2);
    }
}
