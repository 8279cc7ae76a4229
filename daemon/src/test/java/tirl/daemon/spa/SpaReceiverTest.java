package tirl.daemon.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tirl.config.Config;
import tirl.device.AccessRules;
import tirl.event.Event;
import tirl.linux.reply.Endpoints;
import tirl.packet.Address;
import tirl.spa.AddressClaim;
import tirl.spa.AddressMode;
import tirl.spa.Answer;
import tirl.spa.Body;
import tirl.spa.Decision;
import tirl.spa.Refusal;
import tirl.spa.SealedPacket;
import tirl.spa.Suite;

/** What becomes of packets, with a real store and clocks that stand still. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpaReceiverTest {
    private static final Address HOME = SpaHost.HOME;
    private static final String SSH_OPEN = HOME + " tcp/22";

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private SpaHost host = new SpaHost(folder);
    private Laptop anna = host.laptop("anna");

    @BeforeEach
    void start() throws Exception {
        host = new SpaHost(folder.resolve("state"));
        anna = host.laptop("anna");
        host.start();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private static Body.Header header(long counter) {
        return new Body.Header(SpaHost.NOW_MS, counter, true, false);
    }

    private Answer answer(SealedPacket packet) {
        return packet.answerKey().open(host.sent.answers.getLast()).orElseThrow();
    }

    private Decision decided(SealedPacket packet) throws InterruptedException {
        host.knock(HOME, packet.bytes());
        return answer(packet).decision();
    }

    @Test
    void request_opens_andIsAnsweredOnceItIsOnDisk() throws Exception {
        SealedPacket packet = anna.open(header(1), "ssh");
        host.receive(HOME, SpaHost.SPA_PORT, packet.bytes());
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
        assertThat(host.sent.answers).isEmpty();

        host.settle();

        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
        assertThat(host.events)
                .hasSize(1)
                .allSatisfy(event -> assertThat(((Event.Opened) event).door()).isEqualTo("anna/ssh"));
        assertThat(answer(packet)).isEqualTo(new Answer(Decision.GRANTED, SpaHost.NOW_MS, 1, 600, HOME, Carriers.PORT));
        assertThat(host.sent.ways)
                .containsExactly(new Endpoints(Carriers.SERVER4, SpaHost.SPA_PORT, HOME, Carriers.PORT));
    }

    /** A restart would take it: by the boot floor it is new. */
    @Test
    void requestOfAFastClock_opensOnceItIsOnDisk() throws Exception {
        assertOpensOnceItIsOnDisk(anna.open(1, SpaHost.NOW_MS + 1));
    }

    /** What a restart must not forget. */
    @Test
    void requestThatUsesUpMoreThanItself_opensOnceItIsOnDisk() throws Exception {
        AccessRules usual = AccessRules.of(List.of("ssh"));
        Laptop guest = newDevice(new AccessRules(
                usual.services(),
                usual.from(),
                usual.hours(),
                usual.longest(),
                usual.leases(),
                usual.modes(),
                usual.code(),
                usual.classical(),
                usual.until(),
                OptionalInt.of(2)));
        assertOpensOnceItIsOnDisk(guest.open(1, SpaHost.NOW_MS));
    }

    private void assertOpensOnceItIsOnDisk(byte[] packet) throws InterruptedException {
        host.receive(HOME, SpaHost.SPA_PORT, packet);
        assertThat(host.kernel.open).isEmpty();
        host.settle();
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
    }

    @Test
    void whatCannotBeWritten_isShutAgain() throws Exception {
        host.now().store().close();
        SealedPacket packet = anna.open(header(1), "ssh");
        host.receive(HOME, SpaHost.SPA_PORT, packet.bytes());
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
        host.settle();
        assertThat(host.kernel.open).isEmpty();
        assertThat(answer(packet).decision()).isEqualTo(Decision.SERVER_FAILED);
        host.receive(HOME, SpaHost.SPA_PORT, packet.bytes());
        host.receive(HOME, SpaHost.SPA_PORT, anna.open(2, SpaHost.NOW_MS));
        assertThat(host.kernel.open).as("while the disk is in trouble").isEmpty();
        host.settle();
        assertThat(host.kernel.open).isEmpty();
    }

    @Test
    void copies_openNothingAndAreNotAnswered() throws Exception {
        byte[] packet = anna.open(header(1), "ssh").bytes();
        host.knock(HOME, packet);
        host.kernel.open.clear();
        for (int i = 0; i < 3; i++) {
            host.knock(SpaHost.HOME6, packet);
        }
        assertThat(host.kernel.open).isEmpty();
        assertThat(host.sent.answers).hasSize(1);
        assertThat(host.now().register().gate().refused(Refusal.TOKEN)).isEqualTo(3);
    }

    @Test
    void reorderedPackets_allOpen() throws Exception {
        for (long counter : new long[] {3, 1, 5, 2, 4}) {
            host.kernel.open.clear();
            host.knock(HOME, anna.open(counter, SpaHost.NOW_MS));
            assertThat(host.kernel.open).containsExactly(SSH_OPEN);
        }
    }

    @Test
    void withoutTheWish_nothingIsAnswered() throws Exception {
        host.knock(HOME, anna.open(1, SpaHost.NOW_MS));
        host.knock(HOME, anna.open(2, SpaHost.NOW_MS - 100_000));
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
        assertThat(host.sent.answers).isEmpty();
    }

    @Test
    void denied_saysWhyAndTakesTheCounter() throws Exception {
        SealedPacket packet = anna.open(header(7), "dns");
        assertThat(decided(packet)).isEqualTo(Decision.UNKNOWN_SERVICE);
        assertThat(host.denials()).containsExactly(HOME + " anna: the server has no such service");
        assertThat(host.kernel.open).isEmpty();
        assertThat(host.now().claims().counts().written()).isEqualTo(1);
    }

    @Test
    void rehearsal_opensNothing() throws Exception {
        Body.Header header = new Body.Header(SpaHost.NOW_MS, 1, true, true);
        SealedPacket packet = anna.open(header, "ssh");
        assertThat(decided(packet)).isEqualTo(Decision.REHEARSED);
        assertThat(answer(packet).seconds()).isEqualTo(600);
        SealedPacket rotate = anna.seal(
                Suite.C, new Body.Rotate(new Body.Header(SpaHost.NOW_MS, 2, true, true), anna.key.publicKey()));
        assertThat(decided(rotate)).isEqualTo(Decision.REHEARSED);
        assertThat(host.kernel.open).isEmpty();
        assertThat(host.now().register().rotations).isZero();
        assertThat(host.events).isEmpty();
    }

    @Test
    void close_givesBackWhatIsOpenAndWhatIsUnderWay() throws Exception {
        host.knock(HOME, anna.open(1, SpaHost.NOW_MS));
        host.receive(HOME, SpaHost.SPA_PORT, anna.open(header(2), "web").bytes());
        SealedPacket close = anna.close(header(3), "web");
        host.receive(HOME, SpaHost.SPA_PORT, close.bytes());
        host.settle();
        assertThat(answer(close).decision()).isEqualTo(Decision.CLOSED);
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
        assertThat(decided(anna.close(header(4), "ssh"))).isEqualTo(Decision.CLOSED);
        assertThat(host.kernel.open).isEmpty();
    }

    @Test
    void rotation_isTheRegisters() throws Exception {
        SealedPacket rotate = anna.seal(Suite.H, new Body.Rotate(header(1), anna.key.publicKey()));
        assertThat(decided(rotate)).isEqualTo(Decision.REGISTERED);
        assertThat(host.now().register().rotations).isEqualTo(1);
        assertThat(host.events).containsExactly(new Event.Rekeyed(HOME, "anna"));
    }

    @Test
    void wrongClock_isToldAndLogged() throws Exception {
        SealedPacket slow = anna.open(new Body.Header(SpaHost.NOW_MS - 90_001, 1, true, false), "ssh");
        SealedPacket fast = anna.open(new Body.Header(SpaHost.NOW_MS + 90_001, 2, true, false), "ssh");
        SealedPacket early = anna.open(new Body.Header(SpaHost.NOW_MS - 1, 3, true, false), "ssh");
        assertThat(decided(slow)).isEqualTo(Decision.TOO_OLD);
        assertThat(decided(fast)).isEqualTo(Decision.FROM_THE_FUTURE);
        assertThat(decided(early)).isEqualTo(Decision.BEFORE_START);
        assertThat(host.denials()).hasSize(3).first().asString().contains("anna: made too long ago");
        assertThat(host.kernel.open).isEmpty();
        assertThat(host.now().claims().counts().written()).isZero();
    }

    /** Two packets that come before the first is on disk do not get more than one after the other. */
    @Test
    void leasesUnderWay_count() throws Exception {
        AccessRules usual = AccessRules.of(List.of("ssh", "web"));
        Laptop guest = newDevice(new AccessRules(
                usual.services(),
                usual.from(),
                usual.hours(),
                usual.longest(),
                1,
                usual.modes(),
                usual.code(),
                usual.classical(),
                usual.until(),
                usual.uses()));
        SealedPacket web = guest.open(header(2), "web");
        host.receive(HOME, SpaHost.SPA_PORT, guest.open(1, SpaHost.NOW_MS + 1));
        host.receive(HOME, SpaHost.SPA_PORT, web.bytes());
        host.settle();
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
        assertThat(answer(web).decision()).isEqualTo(Decision.TOO_MANY_LEASES);
    }

    private Laptop newDevice(AccessRules rules) throws Exception {
        host.stop();
        Laptop laptop = host.laptop("guest", rules);
        host.start();
        return laptop;
    }

    @Test
    void revokedWhileTheDiskIsBusy_opensNothing() throws Exception {
        host.receive(HOME, SpaHost.SPA_PORT, anna.open(1, SpaHost.NOW_MS + 1));
        host.now().register().revoke(0);
        host.settle();
        assertThat(host.kernel.open).isEmpty();
        assertThat(host.sent.answers).isEmpty();
    }

    @Test
    void kernelRefuses_isServerFailed() throws Exception {
        host.kernel.refuses = true;
        assertThat(decided(anna.open(header(1), "ssh"))).isEqualTo(Decision.SERVER_FAILED);
        host.kernel.refuses = false;
        assertThat(decided(anna.open(header(2), "ssh"))).isEqualTo(Decision.GRANTED);
        host.kernel.refuses = true;
        assertThat(decided(anna.close(header(3), "ssh"))).isEqualTo(Decision.SERVER_FAILED);
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
        assertThat(host.denials()).anyMatch(line -> line.contains("it stays open"));
    }

    @Test
    void dualRequest_opensBothAddresses() throws Exception {
        AddressClaim both = new AddressClaim(AddressMode.DUAL, Optional.empty(), Optional.of(SpaHost.HOME6));
        host.knock(HOME, anna.open(header(1), "ssh", both).bytes());
        assertThat(host.kernel.open).containsExactly(SSH_OPEN, SpaHost.HOME6 + " tcp/22");
    }

    @Test
    void echo_carriesOnlyWhenSwitchedOn() throws Exception {
        SealedPacket packet = anna.open(header(1), "ssh");
        host.ping(SpaHost.HOME6, 0xbeef_0002, packet.bytes());
        assertThat(host.kernel.open).isEmpty();

        host.now().receiver().follow(host.config.withSpa(Optional.of(SpaHost.spa(SpaHost.SPA_PORT, true))));
        host.ping(SpaHost.HOME6, 0xbeef_0002, packet.bytes());

        assertThat(host.kernel.open).containsExactly(SpaHost.HOME6 + " tcp/22");
        assertThat(host.sent.lastNumbers).isEqualTo(0xbeef_0002);
        assertThat(answer(packet).port()).isZero();
    }

    @Test
    void reload_changesPortsAtOnce_andKeepsWhatIsKnown() throws Exception {
        byte[] used = anna.open(1, SpaHost.NOW_MS);
        byte[] kept = anna.open(2, SpaHost.NOW_MS);
        host.knock(HOME, used);
        host.kernel.open.clear();

        host.now().receiver().follow(host.config.withSpa(Optional.of(SpaHost.spa(500, false))));
        host.knock(HOME, kept);
        host.receive(HOME, 500, used);
        host.settle();
        assertThat(host.kernel.open).isEmpty();
        host.now().receiver().follow(host.config.withSpa(Optional.empty()));
        host.receive(HOME, 500, kept);
        host.settle();
        assertThat(host.kernel.open).isEmpty();
        host.now().receiver().follow(host.config);
        host.knock(HOME, used);
        assertThat(host.kernel.open).isEmpty();
        host.knock(HOME, kept);
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
    }

    @Test
    void skew_isThatOfTheConfiguration() throws Exception {
        byte[] late = anna.open(1, SpaHost.NOW_MS);
        host.later(Duration.ofSeconds(91));
        Config.Spa usual = SpaHost.spa(SpaHost.SPA_PORT, false);
        Config.Spa wide = new Config.Spa(usual.ports(), false, usual.name(), Duration.ofMinutes(5), usual.devices());
        host.now().receiver().follow(host.config.withSpa(Optional.of(wide)));
        host.knock(HOME, late);
        assertThat(host.kernel.open).containsExactly(SSH_OPEN);
    }
}
