package tirl.spa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tirl.spa.Invitation.Carriers;

class InvitationTest {
    private final Parties parties = new Parties(6);
    private final Invitation invitation = new Invitation(
            parties.server.publicKey(),
            parties.invitation,
            "vpn.example.net",
            new Carriers(40000, 50000, true),
            false,
            1_795_000_000L);

    @Test
    void uri_comesBack() {
        String uri = invitation.toUri();

        assertThat(uri).matches("TIRL:[A-Z2-7]+").hasSizeLessThan(178);
        assertThat(Invitation.parse(uri)).hasValueSatisfying(read -> {
            assertThat(read.toUri()).isEqualTo(uri);
            assertThat(read.secret().bytes()).isEqualTo(parties.invitation.bytes());
            assertThat(read.server()).isEqualTo(invitation.server());
            assertThat(read.host()).isEqualTo("vpn.example.net");
            assertThat(read.carriers()).isEqualTo(invitation.carriers());
            assertThat(read.validUntil()).isEqualTo(1_795_000_000L);
        });
        String retyped = uri.toLowerCase(Locale.ROOT).replaceAll("(.{40})", "$1 \n");
        assertThat(Invitation.parse(retyped)).isPresent();
    }

    @Test
    void wrongLetter_isFound() {
        String uri = invitation.toUri();
        for (int at = 5; at < uri.length(); at++) {
            String wrong = uri.substring(0, at) + (uri.charAt(at) == 'A' ? 'B' : 'A') + uri.substring(at + 1);
            assertThat(Invitation.parse(wrong)).isEmpty();
            assertThat(Invitation.parse(uri.substring(0, at))).isEmpty();
        }
        assertThat(Invitation.parse(uri + "A")).isEmpty();
        assertThat(Invitation.parse(uri.replace("TIRL:", "TIRL;"))).isEmpty();
        assertThat(Invitation.parse("TIRL:!")).isEmpty();
    }

    /** With a right checksum too: every payload that is not an invitation is refused, and none throws. */
    @Test
    void hostilePayload_isNoInvitation() {
        Random random = new Random(8);
        byte[] honest = Base32.read("TIRL:", "invitation ", invitation.toUri()).orElseThrow();
        for (int i = 0; i < 20_000; i++) {
            byte[] payload = Arrays.copyOf(honest, random.nextInt(4) == 0 ? random.nextInt(200) : honest.length);
            for (int n = random.nextInt(4); n > 0 && payload.length > 0; n--) {
                payload[random.nextInt(payload.length)] = (byte) random.nextInt();
            }
            String uri = Base32.write("TIRL:", "invitation ", payload);
            Invitation.parse(uri).ifPresent(read -> assertThat(read.toUri()).isEqualTo(uri));
        }
        assertThat(Invitation.parse(Base32.write("TIRL:", "invitation ", new byte[0])))
                .isEmpty();
    }

    @Test
    void text_hidesTheSecret() {
        assertThat(invitation.toString())
                .contains("vpn.example.net")
                .doesNotContain(HexFormat.of().formatHex(parties.invitation.bytes()));
    }

    @Test
    void impossibleInvitation_cannotBeMade() {
        assertThatThrownBy(() -> new Carriers(0, 0, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Carriers(5, 4, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Invitation(
                        parties.server.publicKey(),
                        parties.invitation,
                        "no blanks",
                        new Carriers(1, 1, false),
                        true,
                        0))
                .hasMessageContaining("no blanks");
        assertThat(new Carriers(0, 0, true).udp()).isFalse();
    }

    @Test
    void deviceKeyLine_comesBack() {
        X25519PublicKey key = parties.device.publicKey();
        String line = DeviceKeyText.write(key);

        assertThat(line).startsWith("TIRLKEY:");
        assertThat(DeviceKeyText.parse(line)).contains(key);
        assertThat(DeviceKeyText.parse(line.replace('A', 'B'))).isEmpty();
        assertThat(DeviceKeyText.parse(invitation.toUri())).isEmpty();
    }

    @Test
    void rotation_givesTheSameKeysOnBothSides() {
        X25519PrivateKey next = new X25519PrivateKey(parties.bytes(32));
        X25519PublicKey server = parties.server.publicKey();
        EnrolmentSecret old = parties.invitation.enrolment(server);
        EnrolmentSecret rotated = old.rotated(server, next.publicKey());

        SharedKeys atDevice = SharedKeys.atDevice(next, server, rotated).orElseThrow();
        SharedKeys atServer = SharedKeys.atServer(
                        parties.server, next.publicKey(), new EnrolmentSecret(rotated.bytes()))
                .orElseThrow();

        assertThat(rotated.bytes()).isNotEqualTo(old.bytes());
        assertThat(atDevice.gate().tokens(5)).isEqualTo(atServer.gate().tokens(5));
        assertThat(atDevice.gate().tokens(5))
                .doesNotContain(parties.atServer.gate().tokens(5));
        assertThat(atDevice.gate().token(5, 9)).isEqualTo(atServer.gate().tokens(5)[9]);
    }

    @Test
    void keys_areKeptAndWiped() {
        X25519PrivateKey key = new X25519PrivateKey(parties.bytes(32));
        assertThat(new X25519PrivateKey(key.bytes()).publicKey())
                .isEqualTo(key.publicKey())
                .hasSameHashCodeAs(key.publicKey());
        KemSeed seed = new KemSeed(parties.bytes(64));
        assertThat(new KemSeed(seed.bytes()).publicKey())
                .isEqualTo(seed.publicKey())
                .hasSameHashCodeAs(seed.publicKey())
                .isNotEqualTo(parties.kem);
        key.wipe();
        seed.wipe();
        parties.invitation.wipe();
        EnrolmentSecret enrolment = new EnrolmentSecret(parties.bytes(32));
        enrolment.wipe();
        assertThat(key.bytes()).containsOnly(0);
        assertThat(seed.bytes()).containsOnly(0);
        assertThat(enrolment.bytes()).containsOnly(0);
        assertThat(parties.invitation.bytes()).containsOnly(0);
    }

    @Test
    void notAKemKey_isRefused() {
        byte[] tooLarge = new byte[KemPublicKey.LENGTH];
        Arrays.fill(tooLarge, (byte) 0xff); // coefficients of 4095, and the modulus is 3329
        assertThat(KemPublicKey.of(tooLarge)).isEmpty();
        assertThat(KemPublicKey.of(new byte[5])).isEmpty();
        assertThat(KemPublicKey.of(parties.kem.bytes())).contains(parties.kem);
    }
}
