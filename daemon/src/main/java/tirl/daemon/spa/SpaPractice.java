package tirl.daemon.spa;

import java.security.SecureRandom;
import java.util.List;
import java.util.OptionalInt;
import tirl.daemon.store.Store;
import tirl.daemon.store.StoreException;
import tirl.device.AccessRules;
import tirl.device.Device;
import tirl.device.DevicePolicy;
import tirl.device.DeviceUse;
import tirl.device.DeviceVerdict;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.packet.Address;
import tirl.packet.Transport;
import tirl.spa.AddressClaim;
import tirl.spa.Body;
import tirl.spa.EnrolmentSecret;
import tirl.spa.GateKeys;
import tirl.spa.KemSeed;
import tirl.spa.OpenResult;
import tirl.spa.Opener;
import tirl.spa.SealRandomness;
import tirl.spa.Sealer;
import tirl.spa.SharedKeys;
import tirl.spa.Suite;
import tirl.spa.X25519PrivateKey;
import tirl.spa.gate.ReplayWindow;

/**
 * What an SPA packet costs, done again and again with the keys of a server and a device that are nobody's, so that the JVM
 * compiles it before the first real one comes. Nothing of it stays, in the store neither.
 */
public final class SpaPractice implements Runnable {
    /** Of TEST-NET (RFC 5737). */
    private static final Address NOBODY = Address.parse("192.0.2.1").orElseThrow();

    private static final Service SERVICE = new Service("ssh", List.of(new ServicePort(Transport.TCP, 22)));

    private final Store store;
    private final SpaClock clock = SpaClock.system();
    private final X25519PrivateKey server;
    private final Device device;
    private final SharedKeys keys;
    private final byte[] packet;

    public SpaPractice(Store store) {
        this.store = store;
        SecureRandom random = new SecureRandom();
        server = new X25519PrivateKey(bytes(random, X25519PrivateKey.LENGTH));
        X25519PrivateKey key = new X25519PrivateKey(bytes(random, X25519PrivateKey.LENGTH));
        EnrolmentSecret enrolment = new EnrolmentSecret(bytes(random, EnrolmentSecret.LENGTH));
        KemSeed seed = new KemSeed(bytes(random, KemSeed.LENGTH));
        device = new Device("practice", key.publicKey(), enrolment, seed, AccessRules.of(List.of(SERVICE.name())));
        keys = SharedKeys.atServer(server, key.publicKey(), enrolment).orElseThrow();
        long nowMs = clock.wall().millis();
        Body.Target target = new Body.Target(List.of(), 0, OptionalInt.empty(), AddressClaim.OBSERVED);
        packet = Sealer.seal(
                        Suite.C,
                        SharedKeys.atDevice(key, server.publicKey(), enrolment).orElseThrow(),
                        seed.publicKey(),
                        GateKeys.epochOf(nowMs),
                        new Body.Open(new Body.Header(nowMs, 1, false, false), 0, target),
                        new SealRandomness(bytes(random, SealRandomness.LENGTH)))
                .bytes();
    }

    private static byte[] bytes(SecureRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    public void run() {
        OpenResult result = Opener.open(Opener.check(packet, keys).orElseThrow(), server, device.seed());
        if (!(result instanceof OpenResult.Opened(Body.Open open, var _))) {
            throw new IllegalStateException("the practice's own packet is not taken: " + result);
        }
        DevicePolicy.Situation situation = new DevicePolicy.Situation(
                List.of(SERVICE),
                List.of(),
                clock.nanoTime().getAsLong(),
                clock.wall().instant(),
                clock.zone().get());
        DeviceVerdict verdict = DevicePolicy.decide(device, DeviceUse.NONE, open, NOBODY, situation);
        if (verdict instanceof DeviceVerdict.Denied) {
            throw new IllegalStateException("the practice's own device is denied: " + verdict);
        }
        DeviceRows.Use use = new DeviceRows.Use(
                device.key(), new ReplayWindow(), DeviceUse.NONE, clock.wall().millis());
        try {
            store.rehearse(session -> new DeviceRows(session.connection()).put(use));
        } catch (StoreException storeTells) {
            // It is in trouble, which it reports by itself.
        }
    }
}
