package tirl.recognise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.door.Door;
import tirl.door.FlagCondition;

class OverlapTest {
    /** Doors are separated by commas; {@code !} at the front of one says that it tolerates no repeat. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            one door                            | tcp/1 tcp/2 tcp/3                                             | 1
            nothing in common                   | tcp/1 tcp/2 tcp/3, tcp/4 tcp/5 tcp/6                          | 1
            one step                            | tcp/1                                                         | 0
            the same beginning                  | tcp/1 tcp/2 tcp/3, tcp/1 tcp/2 tcp/4                          | 1
            another begins with its second      | tcp/1 tcp/2 tcp/3, tcp/2 tcp/4                                | 2
            ... with its last                   | tcp/1 tcp/2 tcp/3, tcp/3 tcp/4                                | 1
            a port again                        | tcp/7 tcp/7 tcp/8                                             | 2
            a beginning again                   | tcp/7 tcp/8 tcp/7 tcp/8 tcp/9                                 | 2
            repeats tolerated                   | tcp/1 tcp/2 tcp/2 tcp/3, tcp/2 tcp/2 tcp/4                    | 4
            repeats not tolerated               | !tcp/1 tcp/2 tcp/3 tcp/4, !tcp/2 tcp/2 tcp/3 tcp/5            | 2
            ... the same, tolerated             | tcp/1 tcp/2 tcp/3 tcp/4, tcp/2 tcp/2 tcp/3 tcp/5              | 3
            both kinds                          | tcp/1 tcp/2 tcp/3, !tcp/1 tcp/2 tcp/3                         | 2
            two protocols                       | tcp/1 tcp/2 tcp/3, udp/1 udp/2 udp/3                          | 2
            echoes of two sizes                 | icmp/echo:1 icmp/echo:3, icmp/echo:2 icmp/echo:3              | 1
            echoes of one size and of any       | icmp/echo:1 icmp/echo:3, icmp/echo icmp/echo:4                | 2
            """)
    void most_counts(String what, String doors, int expected) {
        List<Door> all = new ArrayList<>();
        for (String sequence : doors.split(", ", -1)) {
            boolean exact = sequence.startsWith("!");
            all.add(Doors.door(
                    "d" + all.size(), exact ? sequence.substring(1) : sequence, FlagCondition.CONNECT, true, !exact));
        }
        assertThat(SequenceRecogniser.prefixesAtOnce(all)).as(what).isEqualTo(expected);
    }

    @Test
    void most_ofTenThousandDoors_isOneWhenTheyDiffer() {
        List<Door> doors = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            doors.add(Doors.door("d" + i, "tcp/7000 tcp/" + (10_000 + i) + " tcp/8000 tcp/" + (30_000 - i)));
        }
        assertThat(SequenceRecogniser.prefixesAtOnce(doors)).isEqualTo(1);
    }
}
