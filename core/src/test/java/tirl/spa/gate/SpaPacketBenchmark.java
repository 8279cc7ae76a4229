package tirl.spa.gate;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import tirl.recognise.Timed;
import tirl.spa.AddressClaim;
import tirl.spa.Body;
import tirl.spa.CheckedPacket;
import tirl.spa.GateKeys;
import tirl.spa.KemPublicKey;
import tirl.spa.OpenResult;
import tirl.spa.Opener;
import tirl.spa.SealRandomness;
import tirl.spa.SealedPacket;
import tirl.spa.Sealer;
import tirl.spa.Suite;

/** The cryptography of one packet: a device seals, the server checks (two MACs at most) and opens (a key agreement). */
@State(Scope.Benchmark)
public class SpaPacketBenchmark extends Timed {
    private final Crowd crowd = new Crowd(1);
    private final Crowd.Device device = crowd.device("one");
    private final KemPublicKey kem = device.seed().publicKey();
    private final Body body = new Body.Open(
            new Body.Header(Crowd.NOW_MS, 1, false, false),
            0,
            new Body.Target(List.of(), 0, OptionalInt.empty(), AddressClaim.OBSERVED));

    /** C is X25519, H is X25519 with ML-KEM-768. */
    @Param
    Suite suite = Suite.C;

    private byte[] packet = {};
    private CheckedPacket checked;

    /** For JMH. */
    public SpaPacketBenchmark() {}

    @Setup
    public void sealOne() {
        packet = seal().bytes();
        checked = check().orElseThrow();
        if (!(open() instanceof OpenResult.Opened)) {
            throw new IllegalStateException("not opened");
        }
    }

    @Benchmark
    public SealedPacket seal() {
        return Sealer.seal(
                suite,
                device.keys(),
                kem,
                GateKeys.epochOf(Crowd.NOW_MS),
                body,
                new SealRandomness(crowd.bytes(SealRandomness.LENGTH)));
    }

    @Benchmark
    public Optional<CheckedPacket> check() {
        return Opener.check(packet, device.peer().keys());
    }

    @Benchmark
    public OpenResult open() {
        return Opener.open(checked, crowd.server, device.seed());
    }
}
