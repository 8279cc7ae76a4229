package tirl.linux.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tirl.spa.DiffieHellman;
import tirl.spa.X25519PublicKey;

/** One key for the decision thread, the thread of agreements, and all that read devices. */
@Timeout(60)
class ManyThreadsTest {
    private static final int THREADS = 4;

    private final Random random = new Random(7);
    private final byte[] scalar = bytes();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    private byte[] bytes() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }

    private X25519PublicKey[] points(int count) {
        X25519PublicKey[] points = new X25519PublicKey[count];
        for (int i = 0; i < count; i++) {
            points[i] = new X25519PublicKey(bytes());
        }
        return points;
    }

    @AfterEach
    void end() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void threadsAtOnce_getEachItsOwnSecret() throws Exception {
        DiffieHellman key = LibcryptoX25519.of(scalar).orElseThrow();
        DiffieHellman other = DiffieHellman.Maker.jdk().of(scalar);
        List<Future<Boolean>> all = new ArrayList<>();
        CountDownLatch begin = new CountDownLatch(THREADS);
        for (int thread = 0; thread < THREADS; thread++) {
            X25519PublicKey[] points = points(200);
            all.add(threads.submit(() -> {
                begin.countDown();
                begin.await();
                boolean alike = true;
                for (X25519PublicKey point : points) {
                    byte[] secret = key.agree(point).orElseThrow();
                    alike &= Arrays.equals(secret, other.agree(point).orElseThrow());
                }
                return alike;
            }));
        }
        for (Future<Boolean> one : all) {
            assertThat(one.get()).isTrue();
        }
        key.wipe();
    }

    /** What is freed under an agreement ends the JVM, or makes a secret of rubbish. */
    @Test
    void wipedWhileOthersAgree_givesRightSecretsOrNone() throws Exception {
        X25519PublicKey[] points = points(1);
        byte[] secret = DiffieHellman.Maker.jdk().of(scalar).agree(points[0]).orElseThrow();
        for (int round = 0; round < 100; round++) {
            DiffieHellman key = LibcryptoX25519.of(scalar).orElseThrow();
            CountDownLatch busy = new CountDownLatch(THREADS);
            List<Future<Integer>> all = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                all.add(threads.submit(() -> {
                    int made = 0;
                    Optional<byte[]> agreed = key.agree(points[0]);
                    busy.countDown();
                    while (agreed.isPresent()) {
                        assertThat(agreed.get()).isEqualTo(secret);
                        made++;
                        agreed = key.agree(points[0]);
                    }
                    return made;
                }));
            }
            busy.await();
            key.wipe();
            for (Future<Integer> one : all) {
                assertThat(one.get()).isPositive();
            }
        }
    }
}
