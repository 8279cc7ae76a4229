package tirl.linux.crypto;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tirl.spa.AddressClaim;
import tirl.spa.Body;
import tirl.spa.CheckedPacket;
import tirl.spa.DiffieHellman;
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
import tirl.spa.X25519PublicKey;

/** One X25519, and the opening of a packet with it, by Java and by libcrypto. {@link ColdAgreementBenchmark} has them one at a time. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 700, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 700, timeUnit = TimeUnit.MILLISECONDS)
public class AgreementBenchmark {
    /** Who computes. */
    public enum By {
        JAVA,
        LIBCRYPTO;

        DiffieHellman key(byte[] bytes) {
            return switch (this) {
                case JAVA -> DiffieHellman.Maker.jdk().of(bytes);
                case LIBCRYPTO -> LibcryptoX25519.of(bytes).orElseThrow();
            };
        }
    }

    @Param
    By by = By.JAVA;

    @Param
    Suite suite = Suite.C;

    private final Random random = new Random(1);
    private final X25519PublicKey other = new X25519PublicKey(bytes(X25519PublicKey.LENGTH));
    private final KemSeed seed = new KemSeed(bytes(KemSeed.LENGTH));
    private X25519PrivateKey server = new X25519PrivateKey(bytes(X25519PrivateKey.LENGTH));
    private DiffieHellman key = DiffieHellman.Maker.jdk().of(server.bytes());
    private Optional<CheckedPacket> checked = Optional.empty();

    /** For JMH. */
    public AgreementBenchmark() {}

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Setup
    public void begin() {
        key = by.key(server.bytes());
        server = new X25519PrivateKey(server.bytes(), by::key);
        X25519PrivateKey device = new X25519PrivateKey(bytes(X25519PrivateKey.LENGTH));
        EnrolmentSecret enrolment = new EnrolmentSecret(bytes(EnrolmentSecret.LENGTH));
        SharedKeys keys =
                SharedKeys.atDevice(device, server.publicKey(), enrolment).orElseThrow();
        Body.Target target = new Body.Target(List.of(), 0, OptionalInt.empty(), AddressClaim.OBSERVED);
        byte[] packet = Sealer.seal(
                        suite,
                        keys,
                        seed.publicKey(),
                        GateKeys.epochOf(1),
                        new Body.Open(new Body.Header(1, 1, false, false), 0, target),
                        new SealRandomness(bytes(SealRandomness.LENGTH)))
                .bytes();
        checked = Opener.check(packet, keys);
        if (!(open() instanceof OpenResult.Opened)) {
            throw new IllegalStateException("not opened");
        }
    }

    @Benchmark
    public Optional<byte[]> agree() {
        return key.agree(other);
    }

    @Benchmark
    public OpenResult open() {
        return Opener.open(checked.orElseThrow(), server, seed);
    }
}
