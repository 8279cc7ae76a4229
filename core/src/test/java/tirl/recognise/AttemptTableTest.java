package tirl.recognise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.packet.Address;

class AttemptTableTest {
    private static final int SLOTS = 3;

    /** The table against two lists and a map. With few sources there are many hits, with many it grows and gets full. */
    @ParameterizedTest
    @CsvSource({"1,4", "2,8", "64,40", "65,400", "1000,5000", "5000,7000"})
    void anyWork_isAsTwoQueuesAndAMap(int capacity, int sources) {
        Random random = new Random(capacity);
        AttemptTable table = new AttemptTable(capacity, SLOTS, random.nextLong());
        List<Map<Address, Long>> queues = List.of(new LinkedHashMap<>(), new LinkedHashMap<>());
        for (int i = 0; i < 60_000; i++) {
            Address source = address(random.nextInt(sources));
            int entry = table.find(source.high(), source.low());
            int was = queues.get(0).containsKey(source) ? 0 : queues.get(1).containsKey(source) ? 1 : AttemptTable.NONE;
            assertThat(entry == AttemptTable.NONE ? AttemptTable.NONE : table.queue(entry))
                    .isEqualTo(was);
            // Nobody is further on who has not been there.
            int queue = was != AttemptTable.NONE && random.nextInt(2) == 0 ? AttemptTable.FURTHER : AttemptTable.FIRST;
            if (entry != AttemptTable.NONE) {
                assertThat(table.start(entry, 1)).isEqualTo(queues.get(was).get(source));
                assertThat(table.node(entry, SLOTS - 1)).isEqualTo(AttemptTable.NONE);
                queues.get(was).remove(source);
                if (was == queue) {
                    table.move(entry, queue);
                } else {
                    table.remove(entry);
                    entry = AttemptTable.NONE;
                }
            }
            if (entry == AttemptTable.NONE && random.nextInt(3) > 0) {
                evict(table, queue, capacity, queues);
                entry = table.add(source.high(), source.low(), queue);
                assertThat(table.node(entry, 0)).isEqualTo(AttemptTable.NONE);
            }
            if (entry != AttemptTable.NONE) {
                table.set(entry, 1, 5, i);
                queues.get(queue).put(source, (long) i);
            }
            assertThat(table.size())
                    .isEqualTo(queues.get(0).size() + queues.get(1).size())
                    .isLessThanOrEqualTo(capacity);
        }
        assertThat(live(table))
                .containsExactlyInAnyOrderElementsOf(queues.stream()
                        .flatMap(queue -> queue.keySet().stream())
                        .toList());
    }

    private static void evict(AttemptTable table, int queue, int capacity, List<Map<Address, Long>> queues) {
        int victim = table.victim(queue);
        boolean full = queue == AttemptTable.FURTHER
                ? queues.get(1).size() >= Math.max(1, capacity / 2)
                : queues.get(0).size() + queues.get(1).size() >= capacity;
        assertThat(victim != AttemptTable.NONE).isEqualTo(full);
        if (full) {
            Map<Address, Long> loses =
                    queues.get(queue == AttemptTable.FIRST && !queues.get(0).isEmpty() ? 0 : 1);
            Address oldest = loses.keySet().iterator().next();
            assertThat(new Address(table.sourceHigh(victim), table.sourceLow(victim)))
                    .isEqualTo(oldest);
            assertThat(victim).isEqualTo(table.oldest(table.queue(victim)));
            loses.remove(oldest);
            table.remove(victim);
        }
    }

    private static List<Address> live(AttemptTable table) {
        List<Address> live = new ArrayList<>();
        for (int at = 0; at < table.end(); at++) {
            if (table.isLive(at)) {
                live.add(new Address(table.sourceHigh(at), table.sourceLow(at)));
            }
        }
        return live;
    }

    /** IPv4 and IPv6. */
    private static Address address(int number) {
        return number % 2 == 0 ? Address.ofIpv4(0x0a00_0000 + number) : new Address(0xfd00L << 48 | number, number);
    }

    /** Hashes that end alike stand one after the other, also around the end of the index. */
    @Test
    void index_ofSourcesThatShareHashes_findsEach() {
        SourceIndex index = new SourceIndex(42);
        Random random = new Random(1);
        Map<Integer, Integer> hashes = new LinkedHashMap<>();
        for (int entry = 0; entry < 2_000; entry++) {
            int hash = -1 - random.nextInt(2) - (random.nextInt(3) << 20);
            index.put(hash, entry);
            hashes.put(entry, hash);
            if (entry % 3 == 0) {
                int gone = List.copyOf(hashes.keySet()).get(random.nextInt(hashes.size()));
                index.remove(hashes.getOrDefault(gone, 0), gone);
                hashes.remove(gone);
            }
        }
        Map<Integer, Integer> found = new LinkedHashMap<>();
        for (int hash : Set.copyOf(hashes.values())) {
            for (int slot = index.first(hash); slot != SourceIndex.NONE; slot = index.next(slot, hash)) {
                assertThat(found.put(index.entry(slot), hash)).isNull();
            }
        }
        assertThat(found).containsExactlyInAnyOrderEntriesOf(hashes);
    }
}
