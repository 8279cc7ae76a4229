package tirl.daemon.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tirl.device.AccessRules;
import tirl.fwknop.gate.Allowance;
import tirl.spa.KemSeed;
import tirl.spa.OpenResult;
import tirl.spa.SharedKeys;
import tirl.spa.X25519PrivateKey;
import tirl.spa.gate.Look;
import tirl.spa.gate.Peer;
import tirl.spa.gate.PeerBook;
import tirl.spa.gate.ReplayWindow;
import tirl.spa.gate.SpaGate;

@Timeout(30)
class AgreementsTest {
    private final X25519PrivateKey server = new X25519PrivateKey(new byte[] {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
        31, 32
    });
    private final Laptop laptop = new Laptop("laptop", server, AccessRules.of(List.of("ssh")), 7);
    private final SpaGate gate = new SpaGate(new PeerBook(), SpaGate.Settings.at(SpaHost.NOW_MS), SpaHost.NOW_MS, 3);

    private Look.Agreement packet(long counter) {
        byte[] payload = laptop.open(counter, SpaHost.NOW_MS);
        return (Look.Agreement) gate.look(new Carriers().udp(SpaHost.HOME, SpaHost.SPA_PORT, payload), 1)
                .orElseThrow();
    }

    private void enrol() {
        SharedKeys keys = SharedKeys.atServer(server, laptop.key.publicKey(), laptop.device.enrolment())
                .orElseThrow();
        KemSeed seed = laptop.device.seed();
        gate.add(new Peer("laptop", false, server, keys, seed, new ReplayWindow(), false));
    }

    @Test
    void results_comeInTheOrderOfThePackets() throws InterruptedException {
        enrol();
        BlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
        List<Long> opened = new ArrayList<>();
        try (Agreements agreements = new Agreements(posted::add, 2048, Optional.empty())) {
            for (long counter = 1; counter <= 10; counter++) {
                assertThat(agreements.begin(
                                packet(counter),
                                result -> opened.add(((OpenResult.Opened) result)
                                        .body()
                                        .header()
                                        .counter())))
                        .isTrue();
            }
            for (int i = 0; i < 10; i++) {
                posted.take().run();
            }
        }
        assertThat(opened).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    }

    @Test
    void moreThanMayWait_areRefusedAtOnce() throws InterruptedException {
        enrol();
        BlockingQueue<Runnable> door = new LinkedBlockingQueue<>(1);
        List<OpenResult> results = new ArrayList<>();
        // The decision thread is busy, so the second result keeps the agreements' thread waiting.
        try (Agreements agreements = new Agreements(task -> put(door, task), 2, Optional.empty())) {
            for (long counter = 1; counter <= 2; counter++) {
                assertThat(agreements.begin(packet(counter), results::add)).isTrue();
                while (agreements.waiting() > 0) {
                    Thread.onSpinWait();
                }
            }
            assertThat(agreements.begin(packet(3), results::add)).isTrue();
            assertThat(agreements.begin(packet(4), results::add)).isTrue();
            assertThat(agreements.begin(packet(5), results::add)).isFalse();
            for (int i = 0; i < 4; i++) {
                Runnable next = door.poll(10, TimeUnit.SECONDS);
                assertThat(next).isNotNull();
                next.run();
            }
        }
        assertThat(results).hasSize(4).allMatch(OpenResult.Opened.class::isInstance);
    }

    @Test
    void oneThatComesAlone_isMadeAtOnce_whileTheAllowanceLasts_andOvertakesNone() throws InterruptedException {
        enrol();
        BlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
        List<OpenResult> results = new ArrayList<>();
        List<Look.Agreement> packets = List.of(packet(1), packet(2));
        Allowance allowance = new Allowance(1, 1);
        long beforeNs = System.nanoTime();
        try (Agreements agreements = new Agreements(posted::add, 2, Optional.of(allowance))) {
            assertThat(agreements.begin(packets.get(0), results::add)).isTrue();
            assertThat(results).hasSize(1);
            assertThat(allowance.isOpen(beforeNs))
                    .as("a nanosecond's worth was used up")
                    .isFalse();
            // Where this thread does not run for a while it would be whole again.
            allowance.spend(System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(500));
            assertThat(agreements.begin(packets.get(1), results::add)).isTrue();
            assertThat(results).hasSize(1);
            posted.take().run();
        }
        assertThat(results).hasSize(2).allMatch(OpenResult.Opened.class::isInstance);
    }

    @Test
    void nothingOvertakesWhatIsUnderWay() throws InterruptedException {
        enrol();
        BlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
        List<Integer> order = new ArrayList<>();
        List<Look.Agreement> packets = List.of(packet(1), packet(2), packet(3));
        Allowance allowance = new Allowance(1, 50);
        try (Agreements agreements = new Agreements(posted::add, 2, Optional.of(allowance))) {
            assertThat(agreements.begin(packets.get(0), _ -> order.add(1))).isTrue();
            // Used up for a second, even where this thread does not run for half of it.
            allowance.spend(System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(500));
            assertThat(agreements.begin(packets.get(1), _ -> order.add(2))).isTrue();
            Runnable second = posted.take();
            while (!allowance.isOpen(System.nanoTime())) {
                Thread.onSpinWait();
            }
            assertThat(agreements.begin(packets.get(2), _ -> order.add(3))).isTrue();
            assertThat(order).containsExactly(1);
            second.run();
            posted.take().run();
        }
        assertThat(order).containsExactly(1, 2, 3);
    }

    private static void put(BlockingQueue<Runnable> door, Runnable task) {
        try {
            door.put(task);
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
