package tirl.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What nobody but the device and the server can do. */
class OpenerTest {
    private final Parties parties = new Parties(1);

    @ParameterizedTest
    @EnumSource(Suite.class)
    void sealed_isOpened(Suite suite) {
        Body body = Parties.open(7);

        assertThat(parties.open(parties.seal(suite, body).bytes()))
                .isInstanceOfSatisfying(
                        OpenResult.Opened.class,
                        opened -> assertThat(opened.body()).isEqualTo(body));
    }

    /** Each bit of a packet is covered by the check. */
    @ParameterizedTest
    @EnumSource(Suite.class)
    void flippedBit_failsTheCheck(Suite suite) {
        byte[] packet = parties.seal(suite, Parties.open(7)).bytes();
        for (int bit = 0; bit < packet.length * 8; bit++) {
            byte[] damaged = packet.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(Opener.check(damaged, parties.atServer)).isEmpty();
        }
    }

    /** Somebody who only has the gate key can make the check right, and no more. */
    @ParameterizedTest
    @EnumSource(Suite.class)
    void flippedByteUnderARightCheck_failsTheSeal(Suite suite) {
        byte[] packet = parties.seal(suite, Parties.open(7)).bytes();
        for (int at = 0; at < packet.length; at += at < 160 ? 1 : 61) {
            if (at < Suite.CHECK_AT || at >= Suite.SALT_AT) {
                byte[] damaged = packet.clone();
                damaged[at] ^= 0x40;
                System.arraycopy(parties.atServer.gate().check(damaged), 0, damaged, Suite.CHECK_AT, 8);
                assertThat(parties.open(damaged)).isEqualTo(new OpenResult.Refused(Refusal.SEAL));
            }
        }
    }

    @Test
    void ephemeralOfSmallOrder_isRefused() {
        byte[] packet = parties.seal(Suite.C, Parties.open(7)).bytes();
        parties.atServer.gate().mask(Suite.C, packet);
        Arrays.fill(packet, Suite.MASKED_AT, Suite.MASKED_AT + 32, (byte) 0);
        parties.atServer.gate().mask(Suite.C, packet);
        System.arraycopy(parties.atServer.gate().check(packet), 0, packet, Suite.CHECK_AT, 8);

        assertThat(parties.open(packet)).isEqualTo(new OpenResult.Refused(Refusal.SEAL));
        X25519PublicKey zero = new X25519PublicKey(new byte[32]);
        EnrolmentSecret enrolment = parties.invitation.enrolment(zero);
        assertThat(SharedKeys.atDevice(parties.device, zero, enrolment)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Suite.class)
    void otherDevicesKeys_openNothing(Suite suite) {
        Parties others = new Parties(2);
        byte[] packet = parties.seal(suite, Parties.open(7)).bytes();

        assertThat(Opener.check(packet, others.atServer)).isEmpty();
        assertThat(Opener.check(packet, parties.invitation.keys(parties.server.publicKey())))
                .isEmpty();
        CheckedPacket checked = Opener.check(packet, parties.atServer).orElseThrow();
        assertThat(Opener.open(checked, others.server, parties.seed)).isEqualTo(new OpenResult.Refused(Refusal.SEAL));
    }

    @Test
    void otherKemSeed_opensClassicalOnly() {
        KemSeed other = new Parties(2).seed;
        CheckedPacket hybrid = Opener.check(
                        parties.seal(Suite.H, Parties.open(7)).bytes(), parties.atServer)
                .orElseThrow();
        CheckedPacket classical = Opener.check(
                        parties.seal(Suite.C, Parties.open(7)).bytes(), parties.atServer)
                .orElseThrow();

        assertThat(Opener.open(hybrid, parties.server, other)).isEqualTo(new OpenResult.Refused(Refusal.SEAL));
        assertThat(Opener.open(classical, parties.server, other)).isInstanceOf(OpenResult.Opened.class);
    }

    /** Hostile bytes are values: nothing is thrown, nothing opens, whatever length and mutation. */
    @Test
    void randomAndMutatedPackets_openNothing() {
        Random random = new Random(5);
        byte[][] honest = {
            parties.seal(Suite.C, Parties.open(1)).bytes(),
            parties.seal(Suite.H, Parties.open(2)).bytes()
        };
        int opened = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] packet = hostile(random, honest);
            if (!Arrays.equals(packet, honest[0]) && !Arrays.equals(packet, honest[1])) {
                opened += Opener.check(packet, parties.atServer).isPresent() ? 1 : 0;
            }
        }
        for (int i = 0; i < 2_000; i++) {
            byte[] packet = hostile(random, honest);
            if (Suite.ofLength(packet.length).isPresent()
                    && !Arrays.equals(packet, honest[0])
                    && !Arrays.equals(packet, honest[1])) {
                System.arraycopy(parties.atServer.gate().check(packet), 0, packet, Suite.CHECK_AT, 8);
                // A change of the check field alone is undone by this.
                boolean same = Arrays.equals(packet, honest[0]) || Arrays.equals(packet, honest[1]);
                opened += !same && parties.open(packet) instanceof OpenResult.Opened ? 1 : 0;
            }
        }
        assertThat(opened).isZero();
    }

    private static byte[] hostile(Random random, byte[][] honest) {
        byte[] packet = honest[random.nextInt(10) == 0 ? 1 : 0].clone();
        switch (random.nextInt(5)) {
            case 0 -> random.nextBytes(packet);
            case 1 -> packet = Arrays.copyOf(packet, random.nextInt(1500));
            case 2 -> packet[random.nextInt(packet.length)] ^= (byte) (1 << random.nextInt(8));
            case 3 -> {
                int at = random.nextInt(packet.length);
                Arrays.fill(packet, at, at + random.nextInt(packet.length - at), (byte) random.nextInt());
            }
            default -> System.arraycopy(honest[0], 0, packet, 0, random.nextInt(honest[0].length));
        }
        return packet;
    }

    @Test
    void wipedKeys_fitNothing() {
        byte[] packet = parties.seal(Suite.C, Parties.open(1)).bytes();
        parties.atServer.wipe();

        assertThat(Opener.check(packet, parties.atServer)).isEmpty();
    }
}
