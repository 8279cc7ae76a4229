package tirl.spa.gate;

import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import tirl.spa.AddressClaim;
import tirl.spa.Body;
import tirl.spa.EnrolmentSecret;
import tirl.spa.GateKeys;
import tirl.spa.InvitationSecret;
import tirl.spa.KemSeed;
import tirl.spa.SealRandomness;
import tirl.spa.SealedPacket;
import tirl.spa.Sealer;
import tirl.spa.SharedKeys;
import tirl.spa.Suite;
import tirl.spa.X25519PrivateKey;

/** A server and devices, with numbers from a seed. */
final class Crowd {
    static final long NOW_MS = 1_795_000_000_000L;

    final Random random;
    final X25519PrivateKey server;

    Crowd(long number) {
        random = new Random(number);
        server = new X25519PrivateKey(bytes(32));
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    Device device(String name) {
        InvitationSecret invitation = new InvitationSecret(bytes(32));
        X25519PrivateKey key = new X25519PrivateKey(bytes(32));
        EnrolmentSecret enrolment = invitation.enrolment(server.publicKey());
        SharedKeys own = SharedKeys.atDevice(key, server.publicKey(), enrolment).orElseThrow();
        SharedKeys servers =
                SharedKeys.atServer(server, key.publicKey(), enrolment).orElseThrow();
        KemSeed seed = invitation.kemSeed(server.publicKey());
        return new Device(
                this,
                own,
                seed,
                new Peer(name, false, server, servers, seed, new ReplayWindow(), false),
                invitation,
                key);
    }

    /** One device, both sides of it. */
    record Device(
            Crowd crowd, SharedKeys keys, KemSeed seed, Peer peer, InvitationSecret invitation, X25519PrivateKey key) {
        /** The same device, enrolled once more. */
        Peer again() {
            SharedKeys servers = SharedKeys.atServer(
                            crowd.server, key.publicKey(), invitation.enrolment(crowd.server.publicKey()))
                    .orElseThrow();
            return new Peer(peer.name(), false, crowd.server, servers, seed, new ReplayWindow(), false);
        }

        byte[] open(long counter) {
            return open(counter, NOW_MS);
        }

        byte[] open(long counter, long timeMs) {
            return open(counter, timeMs, timeMs);
        }

        byte[] open(long counter, long timeMs, long tokenMs) {
            Body.Header header = new Body.Header(timeMs, counter, false, false);
            Body.Target target = new Body.Target(List.of(), 0, OptionalInt.empty(), AddressClaim.OBSERVED);
            return seal(Suite.C, keys, new Body.Open(header, 0, target), tokenMs)
                    .bytes();
        }

        SealedPacket seal(Suite suite, SharedKeys with, Body body, long tokenMs) {
            return Sealer.seal(
                    suite,
                    with,
                    seed.publicKey(),
                    GateKeys.epochOf(tokenMs),
                    body,
                    new SealRandomness(crowd.bytes(SealRandomness.LENGTH)));
        }
    }
}
