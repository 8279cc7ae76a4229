package tirl.spa.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenTableTest {
    private final Random random = new Random(1);

    @Test
    void table_agreesWithAMap() {
        TokenTable table = new TokenTable(10, 77); // grows many times
        Map<Long, Integer> map = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            long token = random.nextInt(3) == 0 ? random.nextInt(40_000) : random.nextLong();
            if (token != 0) {
                table.add(token, i);
                map.putIfAbsent(token, i);
            }
            if (random.nextInt(10) == 0) {
                long used = random.nextInt(40_000);
                table.consume(used);
                map.computeIfPresent(used, (_, _) -> TokenTable.NONE);
            }
        }
        map.forEach((token, peer) -> assertThat(table.peer(token)).isEqualTo(peer));
        assertThat(table.size()).isEqualTo(map.size());
        for (int i = 0; i < 50_000; i++) {
            long token = random.nextLong();
            assertThat(table.peer(token)).isEqualTo(map.getOrDefault(token, TokenTable.NONE));
        }
    }

    @Test
    void zero_isNeverLive() {
        TokenTable table = new TokenTable(10, 0);
        table.add(0, 5);
        table.consume(0);
        assertThat(table.peer(0)).isEqualTo(TokenTable.NONE);
        assertThat(table.size()).isZero();
    }

    @Test
    void consumed_staysSoInTheNextTable() {
        TokenTable before = new TokenTable(10, 1);
        TokenTable next = new TokenTable(10, 2);
        before.add(1, 1);
        before.add(2, 2);
        next.add(2, 7);
        next.add(3, 3);
        before.consume(1);
        before.consume(2);

        next.inherit(before);

        assertThat(next.peer(1)).isEqualTo(TokenTable.NONE);
        assertThat(next.peer(2)).isEqualTo(TokenTable.NONE);
        assertThat(next.peer(3)).isEqualTo(3);
    }

    /** A flood must not make garbage. */
    @Test
    void miss_allocatesNothing() {
        TokenTable table = new TokenTable(100_000, 3);
        for (int i = 0; i < 100_000; i++) {
            table.add(random.nextLong(), i);
        }
        long allocated = new ThreadMeter().allocated(() -> {
            for (long i = 1; i <= 100_000; i++) {
                if (table.peer(i * 0x2545_f491_4f6c_dd1dL) != TokenTable.NONE) {
                    throw new AssertionError("a stranger's token is live");
                }
            }
        });
        assertThat(allocated).isLessThan(1_000);
        assertThat(new ThreadMeter()
                        .allocated(() -> assertThat(new byte[100_000]).isNotNull()))
                .as("the measure itself")
                .isGreaterThan(100_000);
    }
}
