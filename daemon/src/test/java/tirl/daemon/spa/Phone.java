package tirl.daemon.spa;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.OptionalInt;
import tirl.packet.DecodeOutcome;
import tirl.packet.LinkType;
import tirl.packet.Packet;
import tirl.packet.PacketDecoder;
import tirl.spa.AddressClaim;
import tirl.spa.Body;
import tirl.spa.EnrolmentSecret;
import tirl.spa.GateKeys;
import tirl.spa.Invitation;
import tirl.spa.KemPublicKey;
import tirl.spa.SealRandomness;
import tirl.spa.Sealer;
import tirl.spa.SharedKeys;
import tirl.spa.Suite;
import tirl.spa.X25519PrivateKey;
import tirl.spa.X25519PublicKey;

/** The device's side: joins by an invitation and makes packets. */
final class Phone {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final X25519PublicKey server;
    private final SharedKeys invitation;
    private final KemPublicKey kem;
    private X25519PrivateKey key = newKey();
    private EnrolmentSecret enrolment;
    long counter;
    private long registrations;

    Phone(String uri) {
        Invitation read = Invitation.parse(uri).orElseThrow();
        server = read.server();
        invitation = read.secret().keys(server);
        enrolment = read.secret().enrolment(server);
        kem = read.secret().kemSeed(server).publicKey();
    }

    /** The same device with its keys copied. */
    Phone(Phone other) {
        server = other.server;
        invitation = other.invitation;
        kem = other.kem;
        key = other.key;
        enrolment = other.enrolment;
        counter = other.counter;
    }

    static X25519PrivateKey newKey() {
        return new X25519PrivateKey(random(X25519PrivateKey.LENGTH));
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    X25519PublicKey publicKey() {
        return key.publicKey();
    }

    byte[] register(long nowMs) {
        registrations++;
        return seal(invitation, new Body.Register(header(nowMs, registrations), key.publicKey()), nowMs);
    }

    byte[] open(long nowMs) {
        Body.Target target = new Body.Target(List.of(), 0, OptionalInt.empty(), AddressClaim.OBSERVED);
        return seal(keys(), new Body.Open(next(nowMs), 0, target), nowMs);
    }

    byte[] rotate(X25519PublicKey to, long nowMs) {
        return seal(keys(), new Body.Rotate(next(nowMs), to), nowMs);
    }

    /** Goes over to its next key. */
    void take(X25519PrivateKey to) {
        enrolment = enrolment.rotated(server, to.publicKey());
        key = to;
        counter = 0;
    }

    private Body.Header next(long nowMs) {
        counter++;
        return header(nowMs, counter);
    }

    private static Body.Header header(long nowMs, long counter) {
        return new Body.Header(nowMs, counter, false, false);
    }

    private SharedKeys keys() {
        return SharedKeys.atDevice(key, server, enrolment).orElseThrow();
    }

    private byte[] seal(SharedKeys keys, Body body, long nowMs) {
        return Sealer.seal(
                        Suite.H,
                        keys,
                        kem,
                        GateKeys.epochOf(nowMs),
                        body,
                        new SealRandomness(random(SealRandomness.LENGTH)))
                .bytes();
    }

    /** In a UDP datagram, through the decoder. */
    static Packet packet(byte[] payload) {
        Packet packet = new Packet();
        byte[] frame = ByteBuffer.allocate(28 + payload.length)
                .putShort((short) 0x4500)
                .putShort((short) (28 + payload.length))
                .putInt(0)
                .put((byte) 64)
                .put((byte) 17)
                .putShort((short) 0)
                .putInt(0xc0000207)
                .putInt(0x0a000001)
                .putShort((short) 40000)
                .putShort((short) 62201)
                .putShort((short) (8 + payload.length))
                .putShort((short) 0)
                .put(payload)
                .array();
        DecodeOutcome outcome =
                new PacketDecoder(packet).decode(MemorySegment.ofArray(frame), 0, frame.length, LinkType.RAW_IP);
        if (outcome != DecodeOutcome.DECODED) {
            throw new IllegalStateException(outcome.toString());
        }
        return packet;
    }
}
