package tirl.daemon.spa;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import tirl.device.AccessRules;
import tirl.device.Device;
import tirl.spa.AddressClaim;
import tirl.spa.Body;
import tirl.spa.EnrolmentSecret;
import tirl.spa.GateKeys;
import tirl.spa.InvitationSecret;
import tirl.spa.KemSeed;
import tirl.spa.SealRandomness;
import tirl.spa.SealedPacket;
import tirl.spa.Sealer;
import tirl.spa.ServiceId;
import tirl.spa.SharedKeys;
import tirl.spa.Suite;
import tirl.spa.X25519PrivateKey;

/** Both sides' knowledge of one device, with numbers from a seed; makes its packets. */
final class Laptop {
    private final Random random;
    private final EnrolmentSecret enrolment;
    private final KemSeed seed;
    final X25519PrivateKey key;
    final SharedKeys keys;
    final Device device;

    Laptop(String name, X25519PrivateKey server, AccessRules rules, long number) {
        random = new Random(number);
        InvitationSecret invitation = new InvitationSecret(bytes(32));
        key = new X25519PrivateKey(bytes(32));
        enrolment = invitation.enrolment(server.publicKey());
        seed = invitation.kemSeed(server.publicKey());
        keys = SharedKeys.atDevice(key, server.publicKey(), enrolment).orElseThrow();
        device = new Device(name, key.publicKey(), enrolment, seed, rules);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A plain request for SSH. */
    byte[] open(long counter, long timeMs) {
        return open(new Body.Header(timeMs, counter, false, false), "ssh").bytes();
    }

    SealedPacket open(Body.Header header, String service) {
        return open(header, service, AddressClaim.OBSERVED);
    }

    SealedPacket open(Body.Header header, String service, AddressClaim address) {
        return seal(Suite.C, new Body.Open(header, (int) Duration.ofMinutes(10).toSeconds(), target(service, address)));
    }

    SealedPacket close(Body.Header header, String service) {
        return seal(Suite.H, new Body.Close(header, target(service, AddressClaim.OBSERVED)));
    }

    private static Body.Target target(String service, AddressClaim address) {
        return new Body.Target(List.of(ServiceId.of(service)), 0, OptionalInt.empty(), address);
    }

    SealedPacket seal(Suite suite, Body body) {
        long epoch = GateKeys.epochOf(body.header().timeMs());
        return Sealer.seal(
                suite, keys, seed.publicKey(), epoch, body, new SealRandomness(bytes(SealRandomness.LENGTH)));
    }
}
