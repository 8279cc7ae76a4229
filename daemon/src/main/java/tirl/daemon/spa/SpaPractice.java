package tirl.daemon.spa;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tirl.config.Config;
import tirl.daemon.practice.Datagrams;
import tirl.daemon.practice.Exercise;
import tirl.daemon.practice.StagedPipeline;
import tirl.daemon.store.Store;
import tirl.device.AccessRules;
import tirl.device.Device;
import tirl.door.Service;
import tirl.event.EventSink;
import tirl.fwknop.gate.Allowance;
import tirl.linux.crypto.QuickX25519;
import tirl.linux.reply.Endpoints;
import tirl.packet.Address;
import tirl.spa.AddressClaim;
import tirl.spa.Body;
import tirl.spa.EnrolmentSecret;
import tirl.spa.GateKeys;
import tirl.spa.KemSeed;
import tirl.spa.SealRandomness;
import tirl.spa.Sealer;
import tirl.spa.SharedKeys;
import tirl.spa.Suite;
import tirl.spa.X25519PrivateKey;
import tirl.spa.gate.Peer;
import tirl.spa.gate.PeerBook;
import tirl.spa.gate.ReplayWindow;
import tirl.spa.gate.SpaGate;

/**
 * Plays all that an SPA packet costs, from the decoder to the firewall, with the keys of a server and a device that are nobody's, so
 * that the JVM has compiled it when the first real one comes. On a thread of its own and with parts of its own; nothing of it
 * stays, in the store neither.
 */
public final class SpaPractice implements Exercise {
    private static final long ALWAYS_NS = Duration.ofDays(1).toNanos();
    private static final int ALL_THE_TIME = 100;

    private final SpaClock clock = SpaClock.system();
    private final SecureRandom random = new SecureRandom();
    private final X25519PrivateKey server = new X25519PrivateKey(bytes(X25519PrivateKey.LENGTH), QuickX25519::of);
    private final KemSeed seed = new KemSeed(bytes(KemSeed.LENGTH));
    private final Agreements agreements =
            new Agreements(Runnable::run, 1, Optional.of(new Allowance(ALWAYS_NS, ALL_THE_TIME)));
    private final Config config;
    private final Device device;
    private final SharedKeys deviceKeys;
    private final SharedKeys serverKeys;
    private final Surroundings around;
    private final List<StagedPipeline> staged;
    private final List<ClaimWriter> claims;
    private final Datagrams datagrams = new Datagrams();
    private final int port;
    private List<SpaReceiver> receivers = List.of();
    private long counter;

    /**
     * @param spa as it is heard
     * @param service one that the host has
     * @param events takes what would be told
     */
    public SpaPractice(Store store, Config config, Config.Spa spa, Service service, EventSink events) {
        this.config = config;
        port = spa.ports().first();
        X25519PrivateKey key = new X25519PrivateKey(bytes(X25519PrivateKey.LENGTH));
        EnrolmentSecret enrolment = new EnrolmentSecret(bytes(EnrolmentSecret.LENGTH));
        device = new Device("practice", key.publicKey(), enrolment, seed, AccessRules.of(List.of(service.name())));
        deviceKeys = SharedKeys.atDevice(key, server.publicKey(), enrolment).orElseThrow();
        serverKeys = SharedKeys.atServer(server, key.publicKey(), enrolment).orElseThrow();
        staged = StagedPipeline.three(events);
        claims = RehearsedClaims.three(store);
        around = new Surroundings(
                store,
                claims.getFirst(),
                new PipelineLeases(staged.getFirst().pipeline(), clock.nanoTime()),
                clock.wall(),
                random,
                _ -> {});
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A device has a few tokens in an epoch, so each round has a gate of its own. */
    private List<SpaReceiver> receivers() {
        PeerBook book = new PeerBook();
        SpaGate gate = new SpaGate(book, SpaGate.Settings.at(0), around.nowMs(), random.nextLong());
        Roster roster = new Roster(gate, server, Map.of());
        ReplayWindow window = roster.window(device.key());
        roster.add(
                new Enrolled(device, false), new Peer(device.name(), false, server, serverKeys, seed, window, false));
        FileDevices files = new FileDevices(around, roster, DeviceFiles.Reading.NOTHING, Map.of());
        Devices devices = new Devices(around, book, roster, files);
        List<SpaReceiver> made = new ArrayList<>();
        for (int i = 0; i < staged.size(); i++) {
            SpaReceiver receiver = new SpaReceiver(
                    devices,
                    agreements,
                    claims.get(i),
                    staged.get(i).pipeline(),
                    staged.get(i).events(),
                    new Answers(new Nobody(), bytes -> bytes),
                    clock);
            receiver.follow(config);
            made.add(receiver);
        }
        return made;
    }

    @Override
    public void run() {
        long nowMs = clock.wall().millis();
        if (counter % GateKeys.SLOTS == 0) {
            receivers = receivers();
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
        int turn = (int) (counter % receivers.size());
        Address client = Datagrams.client(counter % AccessRules.DEFAULT_LEASES);
        receivers
                .get(turn)
                .on(datagrams.to(client, port, packet), clock.nanoTime().getAsLong());
        staged.get(turn).clearAt(AccessRules.DEFAULT_LEASES, clock.nanoTime().getAsLong());
    }

    @Override
    public void close() {
        agreements.close();
    }

    /** How many packets opened. */
    long opened() {
        return staged.stream().mapToLong(StagedPipeline::opened).sum();
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
