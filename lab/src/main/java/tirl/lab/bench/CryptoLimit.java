package tirl.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.IntConsumer;
import tirl.fwknop.CipherKey;
import tirl.fwknop.DigestType;
import tirl.fwknop.EncryptionMode;
import tirl.fwknop.Envelope;
import tirl.fwknop.HmacKey;
import tirl.fwknop.OpenResult;
import tirl.lab.Command;
import tirl.lab.LabException;
import tirl.linux.crypto.QuickX25519;
import tirl.spa.AddressClaim;
import tirl.spa.Body;
import tirl.spa.EnrolmentSecret;
import tirl.spa.GateKeys;
import tirl.spa.KemSeed;
import tirl.spa.Opener;
import tirl.spa.SealRandomness;
import tirl.spa.Sealer;
import tirl.spa.SharedKeys;
import tirl.spa.Suite;
import tirl.spa.X25519PrivateKey;

/** What opening one packet costs when nothing else is to be done, by a JVM that is set as the daemon's is. */
public final class CryptoLimit {
    private static final int WARM = 12_000;
    private static final int TIMED = 4_000;

    private CryptoLimit() {}

    /**
     * What it costs, and who computes it.
     *
     * @param by of what most of the time goes to
     */
    record Cost(double micros, String by) {
        @Override
        public String toString() {
            return "the crypto alone: " + Figures.number(1e6 / micros) + " by " + by;
        }
    }

    /** For each packet of this kind. */
    static Cost inItsOwnJvm(String kind) {
        List<String> words = List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "--enable-native-access=tirl.linux",
                "-p",
                System.getProperty("jdk.module.path", "."),
                "-m",
                "tirl.lab/" + CryptoLimit.class.getName(),
                kind);
        String[] said = Command.run(Duration.ofMinutes(2), words)
                .orThrow()
                .out()
                .strip()
                .split(" ", 2);
        return new Cost(Double.parseDouble(said[0]), said[1]);
    }

    /** The argument is the kind: spa or fwknop. */
    public static void main(String[] args) throws IOException {
        IntConsumer open = args[0].equals("spa") ? spa() : fwknop();
        for (int i = 0; i < WARM; i++) {
            open.accept(i);
        }
        long before = ranNs();
        for (int i = 0; i < TIMED; i++) {
            open.accept(i);
        }
        String by = args[0].equals("spa") ? QuickX25519.by() : "Java";
        System.out.println((ranNs() - before) / 1e3 / TIMED + " " + by);
    }

    /** Processor time of this thread: others may want the processor too. */
    private static long ranNs() throws IOException {
        return Long.parseLong(
                Files.readString(Path.of("/proc/thread-self/schedstat")).split(" ", -1)[0]);
    }

    private static IntConsumer spa() {
        Random random = new Random(Stage.SEED);
        X25519PrivateKey server = new X25519PrivateKey(bytes(random, X25519PrivateKey.LENGTH), QuickX25519::of);
        X25519PrivateKey device = new X25519PrivateKey(bytes(random, X25519PrivateKey.LENGTH));
        KemSeed seed = new KemSeed(bytes(random, KemSeed.LENGTH));
        SharedKeys keys = SharedKeys.atDevice(
                        device, server.publicKey(), new EnrolmentSecret(bytes(random, EnrolmentSecret.LENGTH)))
                .orElseThrow();
        Body body = new Body.Open(
                new Body.Header(1, 1, false, false),
                0,
                new Body.Target(List.of(), 0, OptionalInt.empty(), AddressClaim.OBSERVED));
        byte[] packet = Sealer.seal(
                        Suite.C,
                        keys,
                        seed.publicKey(),
                        GateKeys.epochOf(1),
                        body,
                        new SealRandomness(bytes(random, SealRandomness.LENGTH)))
                .bytes();
        return _ -> {
            if (!(Opener.open(Opener.check(packet, keys).orElseThrow(), server, seed)
                    instanceof tirl.spa.OpenResult.Opened)) {
                throw new LabException("a packet that does not open");
            }
        };
    }

    private static IntConsumer fwknop() {
        Random random = new Random(Stage.SEED);
        CipherKey cipher = new CipherKey(bytes(random, 32), EncryptionMode.CBC);
        HmacKey hmac = new HmacKey(bytes(random, 64), DigestType.SHA256);
        byte[] packet = FwknopKeys.packet(cipher, hmac, "10.0.0.1", random);
        return _ -> {
            if (!(Envelope.open(packet, cipher, Optional.of(hmac)) instanceof OpenResult.Opened)) {
                throw new LabException("a packet that does not open");
            }
        };
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
