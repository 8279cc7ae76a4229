package tirl.daemon.fwknop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tirl.event.Event;
import tirl.fwknop.SpaRequest;

/** What becomes of packets, with a real store and clocks that stand still. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FwknopReceiverTest {
    private static final String STANZA = "SOURCE ANY\nOPEN_PORTS tcp/22\nKEY key\nHMAC_KEY hmac\n";
    private static final String SSH_OPEN = FwknopHost.CLIENT + " tcp/22";
    private static final String USED = " fwknop:access.conf:1: this packet was used before";

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private FwknopHost host = new FwknopHost(folder);

    @BeforeEach
    void make() {
        host = new FwknopHost(folder);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    @Test
    void packet_opens_andItsCopiesDoNot() throws Exception {
        host.start("", STANZA);
        byte[] packet = host.packet(FwknopHost.ssh(FwknopHost.CLIENT));
        host.send(packet, FwknopHost.CLIENT);
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);

        host.kernel.open.clear();
        host.send(packet, FwknopHost.CLIENT);
        host.send(packet, FwknopHost.THIEF);

        assertThat(host.kernel.open).isEmpty();
        assertThat(host.counts()).isEqualTo(new FwknopReceiver.Counts(1, 0, 2));
        assertThat(host.denials()).containsExactly(FwknopHost.CLIENT + USED);
    }

    /** The memory of recent packets is gone; the disk knows. */
    @Test
    void copies_openNothing_afterARestart_alsoWithTheClockSetBack() throws Exception {
        host.start("", STANZA);
        byte[] packet = host.packet(FwknopHost.ssh(FwknopHost.CLIENT));
        host.send(packet, FwknopHost.CLIENT);
        host.kernel.open.clear();

        host.restart();
        host.send(packet, FwknopHost.THIEF);
        host.nowS.addAndGet(100 * 24 * 3600);
        host.send(host.packet(FwknopHost.ssh(FwknopHost.CLIENT)), FwknopHost.CLIENT);
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
        host.kernel.open.clear();
        host.nowS.set(FwknopHost.NOW_S);
        host.restart();
        host.send(packet, FwknopHost.THIEF);

        assertThat(host.kernel.open).isEmpty();
        assertThat(host.denials()).containsExactly(FwknopHost.THIEF + USED, FwknopHost.THIEF + USED);
    }

    /** Nothing of it is on disk: what the packet opened is all that it left. */
    @Test
    void packetThatTheDiskDoesNotKnow_opensNothing_afterAKill() throws Exception {
        host.start("", STANZA);
        host.nowS.addAndGet(1);
        byte[] packet = host.packet(FwknopHost.ssh(FwknopHost.CLIENT));
        host.restartAfterAKill();
        host.send(packet, FwknopHost.THIEF);
        assertThat(host.kernel.open).isEmpty();
        assertThat(host.denials()).singleElement().asString().contains("made before the start, and the daemon before");

        host.nowS.addAndGet(1);
        host.send(host.packet(FwknopHost.ssh(FwknopHost.CLIENT)), FwknopHost.CLIENT);
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
    }

    @Test
    void packetThatWasUnderWay_opens_afterAnOrderlyEnd() throws Exception {
        host.start("", STANZA);
        byte[] packet = host.packet(FwknopHost.ssh(FwknopHost.CLIENT));
        host.restart();
        host.send(packet, FwknopHost.CLIENT);
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
    }

    @Test
    void packet_opensBeforeItIsOnDisk_whenARestartWouldRefuseIt() throws Exception {
        host.start("", STANZA);
        host.now()
                .receiver()
                .take(host.packet(FwknopHost.ssh(FwknopHost.CLIENT)), FwknopHost.CLIENT, FwknopHost.SERVER);
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
        host.settle();
        assertThat(host.now().claims().counts().failed()).isZero();
    }

    /** By a clock that is fast, by one that nobody looks at, or where the disk may know it: first the disk, then the kernel. */
    @Test
    void packet_isOnDiskFirst_whenARestartWouldNotRefuseIt() throws Exception {
        host.start("", STANZA);
        host.nowS.addAndGet(1);
        byte[] fast = host.packet(FwknopHost.ssh(FwknopHost.CLIENT));
        host.nowS.addAndGet(-1);
        assertOpensOnceItIsOnDisk(fast);

        host.restart();
        assertOpensOnceItIsOnDisk(host.packet(FwknopHost.ssh(FwknopHost.CLIENT)));

        host.close();
        host.start("ENABLE_SPA_PACKET_AGING N\n", STANZA);
        host.nowS.addAndGet(1000);
        assertOpensOnceItIsOnDisk(host.packet(FwknopHost.ssh(FwknopHost.CLIENT)));
    }

    private void assertOpensOnceItIsOnDisk(byte[] packet) throws InterruptedException {
        host.kernel.open.clear();
        host.now().receiver().take(packet, FwknopHost.CLIENT, FwknopHost.SERVER);
        assertThat(host.kernel.open).isEmpty();
        host.settle();
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
    }

    @Test
    void whatCannotBeWritten_isShutAgain_andItsCopiesOpenNothing() throws Exception {
        host.start("", STANZA);
        host.now().store().close();
        byte[] packet = host.packet(FwknopHost.ssh(FwknopHost.CLIENT));
        host.now().receiver().take(packet, FwknopHost.CLIENT, FwknopHost.SERVER);
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
        host.settle();
        assertThat(host.kernel.open).isEmpty();
        assertThat(host.denials()).singleElement().asString().contains("it could not be written down: ");

        host.send(packet, FwknopHost.THIEF);
        host.send(host.packet(FwknopHost.ssh(FwknopHost.CLIENT)), FwknopHost.CLIENT);
        assertThat(host.kernel.open).isEmpty();
        assertThat(host.counts().replays()).isEqualTo(1);
    }

    @Test
    void respelledPackets_openNothing() throws Exception {
        host.start("", STANZA);
        byte[] packet = host.packet(FwknopHost.ssh(FwknopHost.CLIENT));
        host.send(packet, FwknopHost.CLIENT);
        host.kernel.open.clear();
        byte[] padded = Arrays.copyOf(packet, packet.length + 1);
        padded[packet.length] = '=';
        host.send(padded, FwknopHost.THIEF);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            byte[] other = packet.clone();
            other[packet.length - 1] = (byte) alphabet.charAt(i);
            host.send(other, FwknopHost.THIEF);
        }

        assertThat(host.kernel.open).isEmpty();
        assertThat(host.counts()).isEqualTo(new FwknopReceiver.Counts(1, 0, 1));
    }

    @Test
    void refusedPackets_areRemembered() throws Exception {
        host.start("", STANZA);
        byte[] packet = host.packet(FwknopHost.ssh(FwknopHost.CLIENT));
        host.nowS.addAndGet(121);
        host.send(packet, FwknopHost.CLIENT);
        host.nowS.addAndGet(-100);
        host.restart();
        host.send(packet, FwknopHost.CLIENT);

        assertThat(host.kernel.open).isEmpty();
        assertThat(host.denials())
                .containsExactly(
                        FwknopHost.CLIENT + " fwknop:access.conf:1: made too long ago, or the client's clock is slow",
                        FwknopHost.CLIENT + USED);
    }

    @Test
    void packetsThatFwknopdHasTaken_openNothing() throws Exception {
        host.start("", STANZA);
        byte[] packet = host.packet(FwknopHost.ssh(FwknopHost.CLIENT));
        host.takeOver(taken(packet));
        host.send(packet, FwknopHost.CLIENT);

        assertThat(host.kernel.open).isEmpty();
        assertThat(host.denials()).containsExactly(FwknopHost.CLIENT + USED);

        host.send(host.packet(FwknopHost.ssh(FwknopHost.CLIENT)), FwknopHost.CLIENT);
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
    }

    /** Neither each restart nor each reload reads half a million lines. */
    @Test
    void fileOfFwknopd_isReadOnce_andAgainWhenItHasChanged() throws Exception {
        host.start("", STANZA);
        byte[] packet = host.packet(FwknopHost.ssh(FwknopHost.CLIENT));
        host.takeOver("# nothing yet\n");
        assertThat(host.log()).isEmpty();
        host.takeOver(taken(packet));
        assertThat(host.log().lines()).singleElement().asString().endsWith("digest.cache: 1");

        host.restart();
        host.takeOver();
        host.send(packet, FwknopHost.CLIENT);

        assertThat(host.log().lines()).hasSize(1);
        assertThat(host.kernel.open).isEmpty();
        host.takeOver(taken(packet) + taken(host.packet(FwknopHost.ssh(FwknopHost.CLIENT))));
        assertThat(host.log().lines()).hasSize(2).last().asString().endsWith("digest.cache: 2");
    }

    @Test
    void fileOfFwknopdThatCannotBeRead_isSaid_andPacketsOpen() throws Exception {
        host.start("", STANZA);
        Files.createDirectory(folder.resolve("digest.cache"));
        host.takeOver();

        assertThat(host.log()).contains("error: ", "digest.cache cannot be read, packets that fwknopd has taken work");
        host.send(host.packet(FwknopHost.ssh(FwknopHost.CLIENT)), FwknopHost.CLIENT);
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
    }

    /** The line that fwknopd writes of a packet. */
    private static String taken(byte[] packet) throws NoSuchAlgorithmException {
        String name = Base64.getEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(packet));
        return name + " 17 192.0.2.10 60245 198.51.100.1 62201 " + FwknopHost.NOW_S + "\n";
    }

    @Test
    void nat_isALeaseThatLeadsThere_andTheNextTargetTakesItsPlace() throws Exception {
        host.start("ENABLE_IPT_FORWARDING Y\nENABLE_IPT_LOCAL_NAT Y\n", STANZA);
        host.send(host.packet(FwknopHost.nat("10.0.0.5", 22)), FwknopHost.CLIENT);
        assertThat(host.kernel.open).containsExactly(SSH_OPEN + " to 10.0.0.5:22");
        assertThat(host.events)
                .singleElement()
                .isInstanceOfSatisfying(
                        Event.Opened.class,
                        opened -> assertThat(opened.door()).isEqualTo("fwknop:access.conf:1/tcp/22>10.0.0.5:22"));

        host.send(host.packet(FwknopHost.nat("10.0.0.5", 22)), FwknopHost.CLIENT);
        assertThat(host.events.getLast()).isInstanceOf(Event.Extended.class);
        host.send(host.packet(FwknopHost.nat("10.0.0.6", 22)), FwknopHost.CLIENT);
        assertThat(host.kernel.open).containsExactly(SSH_OPEN + " to 10.0.0.6:22");
        host.send(host.packet(FwknopHost.localNat(22)), FwknopHost.CLIENT);
        assertThat(host.kernel.open).containsExactly(SSH_OPEN + " to :22");
        host.send(host.packet(FwknopHost.ssh(FwknopHost.CLIENT)), FwknopHost.CLIENT);
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
        assertThat(host.denials()).isEmpty();
    }

    /** Somebody else of the same address may be at work there. */
    @Test
    void nat_whereAnotherStanzaLeadsElsewhere_isRefused() throws Exception {
        host.start(
                "ENABLE_IPT_FORWARDING Y\n", "SOURCE 192.0.2.66\nOPEN_PORTS tcp/22\nKEY key\nHMAC_KEY hmac\n" + STANZA);
        host.send(host.packet(FwknopHost.nat("10.0.0.5", 22)), FwknopHost.CLIENT);
        host.send(host.packet(FwknopHost.nat("10.0.0.6", 22)), FwknopHost.THIEF);

        assertThat(host.kernel.open).containsExactly(SSH_OPEN + " to 10.0.0.5:22");
        assertThat(host.events.getLast())
                .isInstanceOfSatisfying(
                        Event.Denied.class,
                        denied -> assertThat(denied.why()).contains("tcp/22 leads to 10.0.0.5:22 until lease 1 ends"));
    }

    @Test
    void snat_ofTheDaemonsFile_isPartOfTheLease() throws Exception {
        host.start("ENABLE_IPT_FORWARDING Y\nENABLE_IPT_SNAT Y\nSNAT_TRANSLATE_IP 10.0.0.1\n", STANZA);
        host.send(host.packet(FwknopHost.nat("10.0.0.5", 22)), FwknopHost.CLIENT);
        assertThat(host.kernel.open).containsExactly(SSH_OPEN + " to 10.0.0.5:22,10.0.0.1");
        host.close();
        host.start("ENABLE_IPT_FORWARDING Y\nENABLE_IPT_SNAT Y\n", STANZA);
        host.send(host.packet(FwknopHost.nat("10.0.0.7", 22)), FwknopHost.CLIENT);
        assertThat(host.kernel.open).contains(SSH_OPEN + " to 10.0.0.7:22,masquerade");
    }

    @Test
    void command_isOneProgramWithItsArguments() throws Exception {
        host.start("CMD_EXEC_TIMEOUT 7\n", STANZA + "ENABLE_CMD_EXEC Y\nCMD_EXEC_USER nobody\n");
        host.send(host.packet(new SpaRequest.Command(FwknopHost.CLIENT, "echo $(id) 'a; reboot")), FwknopHost.CLIENT);
        assertThat(host.commands)
                .singleElement()
                .satisfies(command -> assertThat(command.start())
                        .isEqualTo(Optional.of("exec 'timeout' '-k' '5' '7' 'runuser' '-u' 'nobody' '--'"
                                + " 'echo' '$(id)' ''\\''a;' 'reboot'")));
    }

    @Test
    void cycle_runsBothCommands_inPlaceOfOpening() throws Exception {
        host.start(
                "", STANZA + "CMD_CYCLE_OPEN /bin/open $IP $PORT\nCMD_CYCLE_CLOSE /bin/close $IP\nCMD_CYCLE_TIMER 9\n");
        host.send(host.packet(FwknopHost.ssh(FwknopHost.CLIENT)), FwknopHost.CLIENT);
        assertThat(host.kernel.open).isEmpty();
        assertThat(host.commands).singleElement().satisfies(cycle -> {
            assertThat(cycle.start().orElseThrow()).endsWith("'/bin/open' '192.0.2.10' '22'");
            assertThat(cycle.stop().orElseThrow()).endsWith("'/bin/close' '192.0.2.10'");
            assertThat(cycle.openFor()).hasSeconds(9);
        });
    }
}
