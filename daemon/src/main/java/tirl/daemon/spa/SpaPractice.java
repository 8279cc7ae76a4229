package tirl.daemon.spa;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import tirl.config.Config;
import tirl.daemon.practice.Datagrams;
import tirl.daemon.practice.StagedPipeline;
import tirl.daemon.store.Store;
import tirl.device.AccessRules;
import tirl.device.Device;
import tirl.device.DeviceUse;
import tirl.door.Service;
import tirl.event.EventSink;
import tirl.linux.crypto.QuickX25519;
import tirl.linux.reply.Endpoints;
import tirl.spa.AddressClaim;
import tirl.spa.Body;
import tirl.spa.EnrolmentSecret;
import tirl.spa.GateKeys;
import tirl.spa.KemSeed;
import tirl.spa.OpenResult;
import tirl.spa.SealRandomness;
import tirl.spa.Sealer;
import tirl.spa.SharedKeys;
import tirl.spa.Suite;
import tirl.spa.X25519PrivateKey;
import tirl.spa.X25519PublicKey;
import tirl.spa.gate.Look;
import tirl.spa.gate.Peer;
import tirl.spa.gate.PeerBook;
import tirl.spa.gate.ReplayWindow;
import tirl.spa.gate.SpaGate;

/**
 * Plays all that an SPA packet costs, from the decoder to the firewall, with the keys of a server and a device that are nobody's, so
 * that the JVM has compiled it when the first real one comes. On a thread of its own and with parts of its own; nothing of it
 * stays, in the store neither.
 */
public final class SpaPractice implements Runnable {
    private final SpaClock clock = SpaClock.system();
    private final SecureRandom random = new SecureRandom();
    private final X25519PrivateKey server = new X25519PrivateKey(bytes(X25519PrivateKey.LENGTH), QuickX25519::of);
    private final KemSeed seed = new KemSeed(bytes(KemSeed.LENGTH));
    private final Device device;
    private final SharedKeys deviceKeys;
    private final SharedKeys serverKeys;
    private final StagedPipeline staged;
    private final SpaReceiver receiver;
    private final Datagrams datagrams = new Datagrams();
    private final int port;
    private SpaGate gate;
    private long counter;

    /**
     * @param spa as it is heard
     * @param service one that the host has
     * @param events takes what would be told
     */
    public SpaPractice(Store store, Config config, Config.Spa spa, Service service, EventSink events) {
        port = spa.ports().first();
        X25519PrivateKey key = new X25519PrivateKey(bytes(X25519PrivateKey.LENGTH));
        EnrolmentSecret enrolment = new EnrolmentSecret(bytes(EnrolmentSecret.LENGTH));
        device = new Device("practice", key.publicKey(), enrolment, seed, AccessRules.of(List.of(service.name())));
        deviceKeys = SharedKeys.atDevice(key, server.publicKey(), enrolment).orElseThrow();
        serverKeys = SharedKeys.atServer(server, key.publicKey(), enrolment).orElseThrow();
        gate = gate();
        staged = new StagedPipeline(events);
        receiver = new SpaReceiver(
                new Register(),
                SpaPractice::agree,
                new RehearsedClaims(store),
                staged.pipeline(),
                events,
                new Answers(new Nobody(), bytes -> bytes),
                clock);
        receiver.follow(config);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A device has a few tokens in an epoch, so each round has a gate of its own. */
    private SpaGate gate() {
        long nowMs = clock.wall().millis();
        SpaGate fresh = new SpaGate(new PeerBook(), SpaGate.Settings.at(0), nowMs, random.nextLong());
        int _ = fresh.add(new Peer(device.name(), false, server, serverKeys, seed, new ReplayWindow(), false));
        return fresh;
    }

    private static boolean agree(Look.Agreement agreement, Consumer<OpenResult> then) {
        then.accept(agreement.open());
        return true;
    }

    @Override
    public void run() {
        long nowMs = clock.wall().millis();
        if (counter % GateKeys.SLOTS == 0) {
            gate = gate();
        }
        counter++;
        Body.Target target = new Body.Target(List.of(), 0, OptionalInt.empty(), AddressClaim.OBSERVED);
        byte[] packet = Sealer.seal(
                        Suite.C,
                        deviceKeys,
                        seed.publicKey(),
                        GateKeys.epochOf(nowMs),
                        new Body.Open(new Body.Header(nowMs, counter, false, false), 0, target),
                        new SealRandomness(bytes(SealRandomness.LENGTH)))
                .bytes();
        receiver.on(datagrams.to(port, packet), clock.nanoTime().getAsLong());
        staged.clear(clock.nanoTime().getAsLong());
    }

    /** How many packets opened. */
    long opened() {
        return staged.opened();
    }

    /** The one device. */
    private final class Register implements DeviceRegister {
        @Override
        public SpaGate gate() {
            return gate;
        }

        @Override
        public PeerBook book() {
            return new PeerBook();
        }

        @Override
        public Optional<Device> device(int number) {
            return Optional.of(device);
        }

        @Override
        public DeviceUse use(int number) {
            return DeviceUse.NONE;
        }

        @Override
        public Claim admitted(int number, DeviceUse after) {
            DeviceRows.Use use = new DeviceRows.Use(
                    device.key(), new ReplayWindow(), after, clock.wall().millis());
            return new Claim(session -> new DeviceRows(session).put(use), () -> {});
        }

        @Override
        public Optional<Claim> register(int number, X25519PublicKey key) {
            return Optional.empty();
        }

        @Override
        public Optional<Claim> rotate(int number, X25519PublicKey key) {
            return Optional.empty();
        }

        @Override
        public void expire(long nowMs) {
            // It lasts as long as the practice.
        }
    }

    /** Nobody is answered. */
    private static final class Nobody implements AnswerSender {
        @Override
        public void udp(Endpoints ends, byte[] sealed) {
            throw new IllegalStateException("a practice answers nobody");
        }

        @Override
        public void echo(Endpoints ends, int numbers, byte[] sealed) {
            throw new IllegalStateException("a practice answers nobody");
        }
    }
}
