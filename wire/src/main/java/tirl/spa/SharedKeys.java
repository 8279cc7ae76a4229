package tirl.spa;

import java.util.Optional;

/**
 * What the server and one peer, a device or an open invitation, both know (section 3). Made once at load: it costs a key
 * agreement.
 */
public final class SharedKeys {
    private final X25519PublicKey server;
    private final byte[] psk;
    /** Worked out once: two of the HMACs that a packet would cost. */
    private final byte[] classical;

    private final byte[] hybrid;
    private final GateKeys gate;

    private SharedKeys(X25519PublicKey server, byte[] pskId, byte[] psk, GateKeys gate) {
        this.server = server;
        this.psk = psk;
        classical = Hpke.keyScheduleContext(Suite.C.kem(), Suite.C.info(server), pskId);
        hybrid = Hpke.keyScheduleContext(Suite.H.kem(), Suite.H.info(server), pskId);
        this.gate = gate;
    }

    /** At the server. Empty when the device's key is none that can be agreed with. */
    public static Optional<SharedKeys> atServer(
            X25519PrivateKey server, X25519PublicKey device, EnrolmentSecret enrolment) {
        return ofAgreement(server.agree(device), enrolment, server.publicKey(), device);
    }

    /** At the device. Empty when the server's key is none that can be agreed with. */
    public static Optional<SharedKeys> atDevice(
            X25519PrivateKey device, X25519PublicKey server, EnrolmentSecret enrolment) {
        return ofAgreement(device.agree(server), enrolment, server, device.publicKey());
    }

    private static Optional<SharedKeys> ofAgreement(
            Optional<byte[]> dh, EnrolmentSecret enrolment, X25519PublicKey server, X25519PublicKey device) {
        return dh.map(secret -> {
            byte[] salt = enrolment.bytes();
            byte[] root = Hkdf.extract(salt, secret);
            SharedKeys keys = ofRoot(root, server, device.bytes());
            Bytes.wipe(salt, secret, root);
            return keys;
        });
    }

    static SharedKeys ofRoot(byte[] root, X25519PublicKey server, byte[] peer) {
        byte[] gate = Hkdf.expand(root, Bytes.join(Bytes.label("gate"), server.bytes(), peer), 32);
        byte[] psk = Hkdf.expand(root, Bytes.join(Bytes.label("psk"), server.bytes(), peer), 32);
        GateKeys gateKeys = new GateKeys(gate);
        Bytes.wipe(gate);
        return new SharedKeys(server, Bytes.join(Bytes.label("peer "), peer), psk, gateKeys);
    }

    public GateKeys gate() {
        return gate;
    }

    public X25519PublicKey server() {
        return server;
    }

    /** Section 4.3. */
    Hpke.Context context(Suite suite, byte[] sharedSecret) {
        byte[] schedule = switch (suite) {
            case C -> classical;
            case H -> hybrid;
        };
        return Hpke.pskContext(suite.kem(), sharedSecret, schedule, psk);
    }

    /** To be called when the peer is revoked. */
    public void wipe() {
        Bytes.wipe(psk);
        gate.wipe();
    }
}
