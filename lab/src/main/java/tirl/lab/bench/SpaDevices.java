package tirl.lab.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import tirl.lab.LabException;
import tirl.lab.TirlProcess;
import tirl.spa.AddressClaim;
import tirl.spa.Body;
import tirl.spa.DeviceKeyText;
import tirl.spa.EnrolmentSecret;
import tirl.spa.GateKeys;
import tirl.spa.Invitation;
import tirl.spa.KemPublicKey;
import tirl.spa.KemSeed;
import tirl.spa.SealRandomness;
import tirl.spa.Sealer;
import tirl.spa.SharedKeys;
import tirl.spa.Suite;
import tirl.spa.X25519PrivateKey;
import tirl.spa.X25519PublicKey;

/** Devices of a server as files of its directory, and their packets. */
final class SpaDevices {
    static final int PORT = 62_201;
    /** A device has sixteen tokens at a time. */
    static final int PACKETS_EACH = GateKeys.SLOTS;

    private final List<Device> devices = new ArrayList<>();
    private int next;

    /** One device; its numbers go up. */
    private static final class Device {
        private final Random random;
        private final EnrolmentSecret enrolment;
        private final KemSeed seed;
        private final KemPublicKey kem;
        private final X25519PrivateKey key;
        private final SharedKeys keys;
        private long counter;

        Device(long number, X25519PublicKey server) {
            random = new Random(Stage.SEED + number);
            enrolment = new EnrolmentSecret(bytes(EnrolmentSecret.LENGTH));
            seed = new KemSeed(bytes(KemSeed.LENGTH));
            kem = seed.publicKey();
            key = new X25519PrivateKey(bytes(X25519PrivateKey.LENGTH));
            keys = SharedKeys.atDevice(key, server, enrolment).orElseThrow();
        }

        private byte[] bytes(int length) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return bytes;
        }

        String text(String name, Duration longest) {
            return """
                    name = "%s"
                    key = "%s"
                    enrolment = "%s"
                    kem-seed = "%s"
                    services = ["ssh"]
                    leases = 4096
                    longest = "%ds"
                    """.formatted(
                            name,
                            DeviceKeyText.write(key.publicKey()),
                            base64(enrolment.bytes()),
                            base64(seed.bytes()),
                            longest.toSeconds());
        }

        byte[] open(Suite suite, long nowMs) {
            counter++;
            Body.Target target = new Body.Target(List.of(), 0, OptionalInt.empty(), AddressClaim.OBSERVED);
            Body body = new Body.Open(new Body.Header(nowMs, counter, false, false), 0, target);
            return Sealer.seal(
                            suite,
                            keys,
                            kem,
                            GateKeys.epochOf(nowMs),
                            body,
                            new SealRandomness(bytes(SealRandomness.LENGTH)))
                    .bytes();
        }
    }

    private SpaDevices() {}

    /** Makes so many, and has the running daemon read them from its directory of devices. */
    static SpaDevices enrol(TirlProcess tirl, Path directory, int count, Duration longest) {
        String answer = tirl.control("invite", "bench", "--service", "ssh", "--host", "10.0.0.1", "--json")
                .orThrow()
                .out();
        String uri = answer.replaceFirst("(?s).*\"uri\"\\s*:\\s*\"", "").replaceFirst("(?s)\".*", "");
        X25519PublicKey server = Invitation.parse(uri)
                .orElseThrow(() -> new LabException("no invitation in " + answer))
                .server();
        SpaDevices all = new SpaDevices();
        List<Device> made = IntStream.range(0, count)
                .parallel()
                .mapToObj(i -> new Device(i, server))
                .toList();
        all.devices.addAll(made);
        Folder files = new Folder(directory);
        for (int i = 0; i < count; i++) {
            Path _ = files.write("d" + i + ".toml", made.get(i).text("d" + i, longest));
        }
        tirl.reload("reloaded");
        return all;
    }

    /** A fresh short packet of whichever device's turn it is. */
    synchronized byte[] packet() {
        Device device = devices.get(next);
        next = (next + 1) % devices.size();
        return device.open(Suite.C, System.currentTimeMillis());
    }

    /** As many fresh packets as devices and their tokens allow, each device's in their order. */
    List<byte[]> packets(int count, Suite suite) {
        if (count > devices.size() * PACKETS_EACH) {
            throw new LabException("so many packets need more devices");
        }
        long nowMs = System.currentTimeMillis();
        int each = (count + devices.size() - 1) / devices.size();
        return devices.parallelStream()
                .flatMap(device -> IntStream.range(0, each).mapToObj(_ -> device.open(suite, nowMs)))
                .limit(count)
                .toList();
    }

    Knock knock() {
        return Knock.datagram(PORT, _ -> packet());
    }

    private static String base64(byte[] secret) {
        return Base64.getEncoder().encodeToString(secret);
    }
}
