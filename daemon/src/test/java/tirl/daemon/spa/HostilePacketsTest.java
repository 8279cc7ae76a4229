package tirl.daemon.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tirl.packet.Packet;
import tirl.spa.Body;
import tirl.spa.Suite;

/** Random and mutated packets: they open nothing, change nothing, and cost nothing that lasts. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostilePacketsTest {
    private static final int PACKETS = 1_000_000;
    private static final int RUNS = 5;

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private SpaHost host = new SpaHost(folder);
    private Laptop anna = host.laptop("anna");

    @BeforeEach
    void start() throws Exception {
        host = new SpaHost(folder.resolve("state"));
        anna = host.laptop("anna");
        host.start();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    @Test
    void aMillion_changeNothing() throws Exception {
        byte[][] honest = {
            anna.open(1, SpaHost.NOW_MS),
            anna.open(2, SpaHost.NOW_MS),
            anna.seal(Suite.H, new Body.Rotate(new Body.Header(SpaHost.NOW_MS, 3, true, false), anna.key.publicKey()))
                    .bytes()
        };
        Random random = new Random(1_000_003);
        for (int i = 0; i < PACKETS; i++) {
            byte[] packet = honest[random.nextInt(honest.length)].clone();
            switch (i % 4) {
                case 0 -> random.nextBytes(packet);
                case 1 -> packet[random.nextInt(packet.length)] ^= (byte) (1 + random.nextInt(255));
                case 2 -> packet = Arrays.copyOf(packet, random.nextInt(1300));
                default -> packet[8 + random.nextInt(8)] ^= (byte) (1 << random.nextInt(8));
            }
            byte[] sent = packet;
            if (Arrays.stream(honest).anyMatch(one -> Arrays.equals(one, sent))) {
                continue; // cut at its own length
            }
            host.receive(random.nextBoolean() ? SpaHost.HOME : SpaHost.HOME6, SpaHost.SPA_PORT, sent);
        }
        host.settle();

        assertThat(host.now().register().gate().admitted()).isZero();
        assertThat(host.now().claims().counts()).isEqualTo(new Claims.Counts(0, 0, 0));
        assertThat(host.kernel.open).isEmpty();
        assertThat(host.sent.answers).isEmpty();
        assertThat(host.now().register().book().all())
                .allSatisfy(peer -> assertThat(peer.window().highest()).isZero());
        for (byte[] packet : honest) {
            host.knock(SpaHost.HOME, packet);
        }
        assertThat(host.now().register().gate().admitted()).isEqualTo(honest.length);
        assertThat(host.kernel.open).hasSize(1);
    }

    /** What is not for SPA, and garbage that is. */
    @Test
    void strangersPackets_allocateNothing() throws Exception {
        Carriers carriers = new Carriers();
        for (int port : new int[] {53, SpaHost.SPA_PORT}) {
            for (int length : new int[] {100, 144, 1232}) {
                byte[] garbage = new byte[length];
                new Random(length).nextBytes(garbage);
                Packet packet = carriers.udp(SpaHost.HOME, port, garbage);
                SpaReceiver receiver = host.now().receiver();
                long allocated = leastAllocated(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        receiver.on(packet, 1);
                    }
                });
                assertThat(allocated).as(length + " octets to port " + port).isLessThan(10_000);
            }
        }
    }

    /** By reflection: the module under test does not require jdk.management. The least of several, for the compiler. */
    private static long leastAllocated(Runnable work) throws ReflectiveOperationException {
        Object threads = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        Method allocated = Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes");
        long least = Long.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
            long before = (long) allocated.invoke(threads);
            work.run();
            least = Math.min(least, (long) allocated.invoke(threads) - before);
        }
        return least;
    }
}
