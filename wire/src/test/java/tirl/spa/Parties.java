package tirl.spa;

import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/** A server and one device that know each other, with numbers from a seed. */
final class Parties {
    static final long TIME_MS = 1_795_000_000_000L;

    final Random random;
    final X25519PrivateKey server;
    final X25519PrivateKey device;
    final InvitationSecret invitation;
    final KemSeed seed;
    final KemPublicKey kem;
    final SharedKeys atServer;
    final SharedKeys atDevice;

    Parties(long number) {
        random = new Random(number);
        server = new X25519PrivateKey(bytes(32));
        device = new X25519PrivateKey(bytes(32));
        invitation = new InvitationSecret(bytes(32));
        seed = invitation.kemSeed(server.publicKey());
        kem = seed.publicKey();
        EnrolmentSecret enrolment = invitation.enrolment(server.publicKey());
        atServer = SharedKeys.atServer(server, device.publicKey(), enrolment).orElseThrow();
        atDevice = SharedKeys.atDevice(device, server.publicKey(), enrolment).orElseThrow();
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    static Body open(long counter) {
        Body.Header header = new Body.Header(TIME_MS, counter, false, false);
        Body.Target target =
                new Body.Target(List.of(ServiceId.of("ssh")), 0, OptionalInt.empty(), AddressClaim.OBSERVED);
        return new Body.Open(header, 0, target);
    }

    SealedPacket seal(Suite suite, Body body) {
        return seal(suite, body, GateKeys.epochOf(TIME_MS));
    }

    SealedPacket seal(Suite suite, Body body, long epoch) {
        return Sealer.seal(suite, atDevice, kem, epoch, body, new SealRandomness(bytes(SealRandomness.LENGTH)));
    }

    OpenResult open(byte[] packet) {
        return Opener.check(packet, atServer)
                .map(checked -> Opener.open(checked, server, seed))
                .orElseGet(() -> new OpenResult.Refused(Refusal.CHECK));
    }
}
