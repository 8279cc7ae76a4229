package tirl.linux.crypto;

import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Warmup;
import tirl.spa.OpenResult;

/** The same as a host has it: compiled, but nothing came for a tenth of a second, and other work has the caches. */
@BenchmarkMode(Mode.SingleShotTime)
@Warmup(iterations = 5)
@Measurement(iterations = 100)
public class ColdAgreementBenchmark extends AgreementBenchmark {
    private static final long PAUSE_NS = 100_000_000;
    private static final int ROUNDS = 8_000;
    /** More than the second cache of a processor holds. */
    private final byte[] otherWork = new byte[8 << 20];

    /** For JMH. */
    public ColdAgreementBenchmark() {}

    /** Until the JVM has compiled it. */
    @Setup
    public void practise() {
        int opened = 0;
        for (int i = 0; i < ROUNDS; i++) {
            opened += agree().isPresent() && open() instanceof OpenResult.Opened ? 1 : 0;
        }
        if (opened != ROUNDS) {
            throw new IllegalStateException("not opened");
        }
    }

    @Setup(Level.Iteration)
    public void pause() {
        LockSupport.parkNanos(PAUSE_NS);
        for (int i = 0; i < otherWork.length; i += 64) {
            otherWork[i]++;
        }
    }
}
