package tirl.linux.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tirl.packet.Address;

class LongPairSetTest {
    @Test
    void randomAndNeighbouringAddresses_areFoundAndOthersNot() {
        Random random = new Random(1);
        for (int size : new int[] {0, 1, 2, 3, 7, 8, 9, 1000}) {
            Set<Address> values = new HashSet<>();
            while (values.size() < size) {
                values.add(
                        random.nextBoolean()
                                ? new Address(random.nextLong(), random.nextLong())
                                : Address.ofIpv4(0x0a00_0000 + random.nextInt(2000)));
            }
            LongPairSet set = LongPairSet.of(values);
            assertThat(values).allMatch(each -> set.contains(each.high(), each.low()));
            for (int i = 0; i < 2000; i++) {
                Address other = Address.ofIpv4(0x0a00_0000 + i);
                assertThat(set.contains(other.high(), other.low())).isEqualTo(values.contains(other));
            }
        }
    }

    @Test
    void zeroAddress_isTheFreeMarkAndStillKept() {
        assertThat(LongPairSet.EMPTY.contains(0, 0)).isFalse();
        assertThat(LongPairSet.of(List.of(new Address(0, 0))).contains(0, 0)).isTrue();
    }
}
