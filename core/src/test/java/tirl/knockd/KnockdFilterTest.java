package tirl.knockd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KnockdFilterTest {
    private static final String REST =
            " or (ip6 and (ip6[6] = 0 or ip6[6] = 43 or ip6[6] = 44 or ip6[6] = 51 or ip6[6] = 60))"
                    + " or (ip and ip[6:2] & 0x3fff != 0)";

    @Test
    void of_listedPorts() {
        assertThat(filter("sequence=7000,8000:udp,9000,7001"))
                .isEqualTo("(tcp and (dst portrange 7000-7001 or dst port 9000)) or (udp and (dst port 8000))" + REST);
    }

    @Test
    void of_flagsOfEveryDoor() {
        assertThat(filter("sequence=7000\ntcpflags=syn,!ack\n[e]\nsequence=1:udp\n[f]\nsequence=7\ntcpflags=fin"))
                .startsWith("(tcp and (dst port 7 or dst port 7000) and ((ip and tcp[13] & 18 = 2) or"
                        + " (ip6 and ip6[53] & 18 = 2) or (ip and tcp[13] & 1 = 1) or (ip6 and ip6[53] & 1 = 1)))");
        assertThat(filter("sequence=7000\ntcpflags=syn\n[e]\nsequence=7001"))
                .startsWith("(tcp and (dst portrange 7000-7001)) or (ip6");
    }

    @Test
    void of_nothingListed_letsNothingThrough() {
        assertThat(KnockdFilter.of(List.of()).expression()).isEqualTo("less 0");
        assertThat(filter("one_time_sequences=/f")).isEqualTo("less 0");
    }

    @Test
    void of_thousandDoors_staysSmallAndLetsEveryPortThrough() {
        String doors = IntStream.range(0, 1000)
                .mapToObj(i -> "[d" + i + "]\nsequence=" + (1000 + i * 37) + "," + (60000 - i * 3) + "\n")
                .collect(Collectors.joining());
        String filter = KnockdFilter.of(KnockdDoors.of(doors)).expression();
        assertThat(filter.split("dst port", -1)).hasSizeLessThanOrEqualTo(50);
        assertThat(filter).contains("1000").contains("60000");
    }

    private static String filter(String door) {
        return KnockdFilter.of(KnockdDoors.of("[d]\n" + door)).expression();
    }
}
