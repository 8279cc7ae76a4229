package tirl.spa.gate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntConsumer;
import tirl.packet.Address;
import tirl.packet.Packet;
import tirl.spa.Body;
import tirl.spa.CheckedPacket;
import tirl.spa.EnrolmentSecret;
import tirl.spa.GateKeys;
import tirl.spa.KemPublicKey;
import tirl.spa.Opener;
import tirl.spa.SealRandomness;
import tirl.spa.Sealer;
import tirl.spa.SharedKeys;
import tirl.spa.Suite;

/**
 * What it costs in processor time of one thread, the best of several rounds. In the folder core after a build: {@code java -cp
 * target/classes:target/test-classes:../wire/target/classes tirl.spa.gate.GateCosts [devices]}.
 */
final class GateCosts {
    private static final int ROUNDS = 8;
    private static final ThreadMeter METER = new ThreadMeter();

    private GateCosts() {}

    public static void main(String[] args) {
        crypto();
        table(args.length > 0 ? Integer.parseInt(args[0]) : 10_000);
    }

    private static void crypto() {
        Crowd crowd = new Crowd(1);
        Crowd.Device device = crowd.device("one");
        KemPublicKey kem = device.seed().publicKey();
        Body body = new Body.Rotate(
                new Body.Header(Crowd.NOW_MS, 1, false, false), device.key().publicKey());
        long epoch = GateKeys.epochOf(Crowd.NOW_MS);
        for (Suite suite : Suite.values()) {
            print("seal " + suite, 2000, i -> {
                SealRandomness random = new SealRandomness(crowd.bytes(SealRandomness.LENGTH));
                Sealer.seal(suite, device.keys(), kem, epoch, body, random);
            });
            byte[] packet = Sealer.seal(
                            suite,
                            device.keys(),
                            kem,
                            epoch,
                            body,
                            new SealRandomness(crowd.bytes(SealRandomness.LENGTH)))
                    .bytes();
            SharedKeys keys = device.peer().keys();
            CheckedPacket checked = Opener.check(packet, keys).orElseThrow();
            print("open " + suite, 2000, i -> Opener.open(checked, crowd.server, device.seed()));
            print("check " + suite, 20_000, i -> Opener.check(packet, keys));
        }
    }

    private static void table(int devices) {
        Crowd crowd = new Crowd(2);
        PeerBook peers = new PeerBook();
        EnrolmentSecret enrolment = new EnrolmentSecret(crowd.bytes(32));
        Crowd.Device any = crowd.device("any");
        long before = heap();
        long start = METER.cpuNs();
        for (int i = 0; i < devices; i++) {
            // Another enrolment secret per device, the same key pair: the agreement costs the same.
            EnrolmentSecret own = i == 0 ? enrolment : new EnrolmentSecret(crowd.bytes(32));
            SharedKeys keys = SharedKeys.atServer(crowd.server, any.key().publicKey(), own)
                    .orElseThrow();
            peers.add(new Peer("d" + i, false, crowd.server, keys, any.seed(), new ReplayWindow(), false));
        }
        say("keys of %d devices: %.2f s, %.1f MB", devices, seconds(start), (heap() - before) / 1e6);
        PeerBook.EpochTable table = peers.table(5, 99);
        for (int round = 0; round < ROUNDS; round++) {
            start = METER.cpuNs();
            table = peers.table(5 + round, 99);
            say("table of %d tokens: %.3f s", table.tokens().size(), seconds(start));
        }
        say("table: %.1f MB", table.tokens().bytes() / 1e6);
        TokenTable tokens = table.tokens();
        Random random = new Random(3);
        long[] strangers = random.longs(1 << 20).toArray();
        long[] hits = {0};
        print("token miss", 1 << 20, i -> hits[0] += tokens.peer(strangers[i]) + 1L);
        List<Long> live = new ArrayList<>();
        for (Peer peer : peers.all()) {
            for (long token : peer.keys().gate().tokens(5 + ROUNDS - 1)) {
                live.add(token);
            }
        }
        Collections.shuffle(live, random);
        long[] own = live.stream().mapToLong(Long::longValue).toArray();
        print("token hit", own.length, i -> hits[0] += tokens.peer(own[i]) + 1L);
        SpaGate gate = new SpaGate(peers, SpaGate.Settings.at(0), Crowd.NOW_MS, 5);
        byte[] noise = crowd.bytes(144);
        Packet packet = new Carrier().udp(Address.ofIpv4(0x0a000001), noise);
        print("gate, same stranger", 1 << 20, i -> gate.on(packet, i, Crowd.NOW_MS));
        say("(%d)", hits[0]);
    }

    private static void print(String what, int count, IntConsumer work) {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = METER.cpuNs();
            for (int i = 0; i < count; i++) {
                work.accept(i);
            }
            best = Math.min(best, (METER.cpuNs() - start) / (double) count);
        }
        say(best < 2000 ? "%s: %.0f ns" : "%s: %.1f us", what, best < 2000 ? best : best / 1000);
    }

    private static double seconds(long start) {
        return (METER.cpuNs() - start) / 1e9;
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
