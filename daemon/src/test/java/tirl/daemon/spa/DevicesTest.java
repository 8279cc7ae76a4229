package tirl.daemon.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tirl.spa.Invitation;
import tirl.spa.X25519PrivateKey;

class DevicesTest {
    @TempDir
    private Path folder = Path.of("/nonexistent");

    @SuppressWarnings("NullAway.Init")
    private DeviceSite site;

    @BeforeEach
    void start() throws Exception {
        site = new DeviceSite(folder.resolve("state"));
    }

    @AfterEach
    void end() {
        site.close();
    }

    @Test
    void deviceThatJoined_isHeard_alsoAfterARestart_andNoPacketTwice() throws Exception {
        Phone anna = site.join("anna");
        assertThat(site.state("anna")).isEqualTo("device");
        assertThat(site.open(anna)).isEqualTo("heard anna");
        byte[] packet = anna.open(site.nowMs.get());
        assertThat(site.hear(packet)).isEqualTo("heard anna");
        site.restart();
        // The boot floor does not help here: the clock stands still. The window on disk does.
        assertThat(site.hear(packet)).isEqualTo("refused REPLAY");
        assertThat(site.open(anna)).isEqualTo("heard anna");
        assertThat(site.listed("anna").orElseThrow().get("grants")).isEqualTo(3L);
        assertThat(site.listed("anna").orElseThrow().get("last-seen")).isEqualTo("2026-11-21T08:00:00Z");
    }

    @Test
    void invitation_worksOnce_andItsSecretIsForgotten() throws Exception {
        String uri = site.invite("anna");
        site.restart();
        assertThat(site.state("anna")).isEqualTo("invited");
        Phone anna = new Phone(uri);
        byte[] register = anna.register(site.nowMs.get());
        assertThat(site.hear(register)).isEqualTo("registered");
        assertThat(site.hear(register)).isEqualTo("noise");
        assertThat(site.hear(anna.register(site.nowMs.get()))).isEqualTo("noise");
        assertThat(site.hear(new Phone(uri).register(site.nowMs.get()))).isEqualTo("noise");
        site.restart();
        assertThat(site.hear(register)).isEqualTo("noise");
        assertThat(site.open(anna)).isEqualTo("heard anna");
        site.close();
        byte[] secret = Invitation.parse(uri).orElseThrow().secret().bytes();
        assertThat(new String(Files.readAllBytes(site.directory.resolve("tirl.db")), StandardCharsets.ISO_8859_1))
                .doesNotContain(new String(secret, StandardCharsets.ISO_8859_1));
        assertThat(site.directory.resolve("tirl.db-wal")).doesNotExist();
    }

    @Test
    void claimThatWasNeverWritten_hasNoEffect() throws Exception {
        Phone anna = new Phone(site.invite("anna"));
        site.claims.atOnce = false;
        assertThat(site.hear(anna.register(site.nowMs.get()))).isEqualTo("registered");
        assertThat(site.open(anna)).isEqualTo("noise");
        assertThat(site.claims.waiting()).isEqualTo(1);
        site.restart();
        assertThat(site.state("anna")).isEqualTo("invited");
        assertThat(site.hear(anna.register(site.nowMs.get()))).isEqualTo("registered");
        assertThat(site.open(anna)).isEqualTo("heard anna");
    }

    @Test
    void claimThatWasWritten_hasItsEffect_alsoWhenTheProcessDiesThen() throws Exception {
        Phone bob = site.join("bob");
        Phone anna = new Phone(site.invite("anna"));
        X25519PrivateKey next = Phone.newKey();
        byte[] recorded = bob.open(site.nowMs.get());
        site.claims.dies = true;
        assertThat(site.hear(recorded)).isEqualTo("heard bob");
        assertThat(site.hear(bob.rotate(next.publicKey(), site.nowMs.get()))).isEqualTo("rotated");
        assertThat(site.hear(anna.register(site.nowMs.get()))).isEqualTo("registered");
        site.restart();
        assertThat(site.open(anna)).isEqualTo("heard anna");
        assertThat(site.hear(recorded)).isEqualTo("refused REPLAY");
        assertThat(site.open(bob)).isEqualTo("heard bob");
        bob.take(next);
        assertThat(site.open(bob)).isEqualTo("heard bob");
        site.claims.dies = true;
        assertThat(site.devices.changes().shut("bob")).isZero();
        site.devices.changes().forget("bob").ifPresent(site.claims::write);
        site.restart();
        assertThat(site.open(bob)).isEqualTo("noise");
        assertThat(site.state("bob")).isEqualTo("gone");
    }

    /** A backup of the whole state directory, put back: the windows are old, the clock is not. */
    @Test
    void restoredBackup_takesNoPacketOfBeforeTheStart() throws Exception {
        Phone anna = site.join("anna");
        Path backup = folder.resolve("tirl.db");
        site.restart();
        Files.copy(site.directory.resolve("tirl.db"), backup);
        byte[] recorded = anna.open(site.nowMs.get());
        assertThat(site.hear(recorded)).isEqualTo("heard anna");
        site.close();
        Files.deleteIfExists(site.directory.resolve("tirl.db-wal"));
        Files.copy(backup, site.directory.resolve("tirl.db"), StandardCopyOption.REPLACE_EXISTING);
        site.nowMs.addAndGet(1);
        site.restart();
        assertThat(site.hear(recorded)).isEqualTo("untimely");
        assertThat(site.open(anna)).isEqualTo("heard anna");
    }

    @Test
    void registrationThatTheDiskRefused_canBeRepeated_byThisKeyOrAnother() throws Exception {
        String uri = site.invite("anna");
        Phone anna = new Phone(uri);
        site.claims.broken = true;
        assertThat(site.hear(anna.register(site.nowMs.get()))).isEqualTo("registered");
        assertThat(site.claims.failures).containsExactly("the disk is full");
        assertThat(site.open(anna)).isEqualTo("noise");
        site.claims.broken = false;
        anna.register(site.nowMs.get());
        assertThat(site.hear(anna.register(site.nowMs.get()))).isEqualTo("registered");
        assertThat(site.open(anna)).isEqualTo("heard anna");
    }

    @Test
    void twoRegistrationsUnderWay_ofOneKeyAreOneDevice_andOfTwoKeysTheFirst() throws Exception {
        String uri = site.invite("anna");
        Phone anna = new Phone(uri);
        Phone thief = new Phone(uri);
        thief.register(site.nowMs.get());
        thief.register(site.nowMs.get());
        site.claims.atOnce = false;
        assertThat(site.hear(anna.register(site.nowMs.get()))).isEqualTo("registered");
        assertThat(site.hear(anna.register(site.nowMs.get()))).isEqualTo("registered");
        assertThat(site.hear(thief.register(site.nowMs.get()))).isEqualTo("cannot be");
        site.claims.writeAll();
        site.claims.atOnce = true;
        assertThat(site.open(anna)).isEqualTo("heard anna");
        assertThat(site.open(thief)).isEqualTo("noise");
        site.restart();
        assertThat(site.open(anna)).isEqualTo("heard anna");
        assertThat(site.devices.gate().admitted()).isEqualTo(1);
    }

    @Test
    void invitation_isOver_atItsEnd() throws Exception {
        Phone late = new Phone(site.invite("late"));
        site.pass(Duration.ofHours(23));
        assertThat(site.state("late")).isEqualTo("invited");
        site.pass(Duration.ofHours(1));
        assertThat(site.state("late")).isEqualTo("gone");
        assertThat(site.hear(late.register(site.nowMs.get()))).isEqualTo("noise");
        site.restart();
        assertThat(site.state("late")).isEqualTo("gone");
        assertThat(site.told).anyMatch(line -> line.contains("the invitation of late is over"));
    }

    @Test
    void rotation_takesBothKeys_untilTheNewOneIsUsed() throws Exception {
        Phone anna = site.join("anna");
        Phone before = new Phone(anna);
        X25519PrivateKey next = Phone.newKey();
        assertThat(site.hear(before.rotate(next.publicKey(), site.nowMs.get()))).isEqualTo("rotated");
        assertThat(site.state("anna")).isEqualTo("replacing");
        site.restart();
        assertThat(site.open(before)).isEqualTo("heard anna");
        // The answer was lost: once more, the same key.
        assertThat(site.hear(before.rotate(next.publicKey(), site.nowMs.get()))).isEqualTo("rotated");
        anna.take(next);
        assertThat(site.open(anna)).isEqualTo("heard anna");
        assertThat(site.open(before)).isEqualTo("noise");
        assertThat(site.state("anna")).isEqualTo("device");
        site.restart();
        assertThat(site.open(before)).isEqualTo("noise");
        assertThat(site.open(anna)).isEqualTo("heard anna");
        assertThat(site.listed("anna").orElseThrow().get("grants")).isEqualTo(3L);
    }

    @Test
    void rotation_leavesTheOldKey_forADayAtMost() throws Exception {
        Phone before = site.join("anna");
        Phone anna = new Phone(before);
        X25519PrivateKey lost = Phone.newKey();
        X25519PrivateKey next = Phone.newKey();
        assertThat(site.hear(before.rotate(lost.publicKey(), site.nowMs.get()))).isEqualTo("rotated");
        // It lost the new key before it could use it.
        assertThat(site.hear(before.rotate(next.publicKey(), site.nowMs.get()))).isEqualTo("rotated");
        Phone wrong = new Phone(anna);
        wrong.take(lost);
        assertThat(site.open(wrong)).isEqualTo("noise");
        site.pass(Duration.ofHours(23));
        assertThat(site.open(before)).isEqualTo("heard anna");
        site.pass(Duration.ofHours(1));
        assertThat(site.open(before)).isEqualTo("noise");
        site.restart();
        assertThat(site.open(before)).isEqualTo("noise");
        anna.take(next);
        site.nowMs.addAndGet(1);
        assertThat(site.open(anna)).isEqualTo("heard anna");
    }

    @Test
    void rotationThatIsNotOnDisk_isNone() throws Exception {
        Phone anna = site.join("anna");
        X25519PrivateKey next = Phone.newKey();
        site.claims.broken = true;
        assertThat(site.hear(anna.rotate(next.publicKey(), site.nowMs.get()))).isEqualTo("rotated");
        assertThat(site.state("anna")).isEqualTo("device");
        Phone ahead = new Phone(anna);
        ahead.take(next);
        assertThat(site.open(ahead)).isEqualTo("noise");
        site.claims.broken = false;
        assertThat(site.hear(anna.rotate(next.publicKey(), site.nowMs.get()))).isEqualTo("rotated");
        assertThat(site.open(ahead)).isEqualTo("heard anna");
    }

    @Test
    void replacement_takesTheOldKey_untilTheNewOneIsUsed_orTheInvitationIsOver() throws Exception {
        Phone before = site.join("anna");
        Phone next = new Phone(site.replace("anna"));
        assertThat(site.open(before)).isEqualTo("heard anna");
        assertThat(site.hear(next.register(site.nowMs.get()))).isEqualTo("registered");
        assertThat(site.open(before)).isEqualTo("heard anna");
        site.restart();
        assertThat(site.open(before)).isEqualTo("heard anna");
        assertThat(site.state("anna")).isEqualTo("replacing");
        assertThat(site.open(next)).isEqualTo("heard anna");
        assertThat(site.open(before)).isEqualTo("noise");

        Phone third = new Phone(site.replace("anna"));
        assertThat(site.hear(third.register(site.nowMs.get()))).isEqualTo("registered");
        site.pass(Duration.ofDays(1));
        assertThat(site.open(next)).isEqualTo("noise");
        assertThat(site.open(third)).isEqualTo("heard anna");
    }

    @Test
    void replacementThatNobodyUses_leavesTheDeviceAsItWas() throws Exception {
        Phone anna = site.join("anna");
        Phone first = new Phone(site.replace("anna"));
        Phone second = new Phone(site.replace("anna"));
        assertThat(site.hear(first.register(site.nowMs.get()))).isEqualTo("noise");
        site.pass(Duration.ofDays(1));
        assertThat(site.hear(second.register(site.nowMs.get()))).isEqualTo("noise");
        assertThat(site.state("anna")).isEqualTo("device");
        assertThat(site.open(anna)).isEqualTo("heard anna");
    }

    @Test
    void deviceWhoseTimeIsOver_isNotHeard_andComesBackWithMoreOfIt() throws Exception {
        Phone guest = new Phone(
                site.invite("guest", Map.of("services", List.of("ssh"), "until", "2026-11-21T10:00:00Z", "uses", 2)));
        site.hear(guest.register(site.nowMs.get()));
        assertThat(site.open(guest)).isEqualTo("heard guest");
        site.pass(Duration.ofHours(2));
        assertThat(site.open(guest)).isEqualTo("noise");
        assertThat(site.state("guest")).isEqualTo("expired");
        site.restart();
        site.devices.expire(site.nowMs.get());
        assertThat(site.state("guest")).isEqualTo("expired");
        Object _ = site.ask(
                Map.of("command", "device-change", "name", "guest", "rules", Map.of("until", "2026-11-21T12:00:00Z")));
        site.devices.expire(site.nowMs.get());
        assertThat(site.open(guest)).isEqualTo("heard guest");
        // That was its second and last use. Its lease and a packet of the other IP version are not cut off.
        site.leases.open("guest", "ssh");
        site.pass(Duration.ofMinutes(5));
        assertThat(site.state("guest")).isEqualTo("device");
        site.leases.endAll();
        site.pass(Duration.ofSeconds(1));
        assertThat(site.open(guest)).isEqualTo("noise");
        assertThat(site.state("guest")).isEqualTo("expired");
    }

    @Test
    void grantThatTheDiskRefused_isNoUse() throws Exception {
        Phone anna = site.join("anna");
        site.claims.broken = true;
        assertThat(site.open(anna)).isEqualTo("heard anna");
        assertThat(site.listed("anna").orElseThrow().get("grants")).isEqualTo(0L);
    }
}
