package tirl.recognise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.config.Config.Limits;
import tirl.door.Door;
import tirl.door.FlagCondition;
import tirl.packet.Address;
import tirl.packet.TcpFlags;

class SequenceRecogniserTest {
    private static final Address ALICE = Address.parse("10.0.0.2").orElseThrow();
    private static final Address BOB = Address.parse("fd00::2").orElseThrow();
    private static final FlagCondition FIN = new FlagCondition(TcpFlags.FIN, TcpFlags.ACK);

    private static final List<Door> DOORS = List.of(
            Doors.door("abc", "tcp/7000 tcp/8000 tcp/9000"),
            Doors.door("abd", "tcp/7000 tcp/8000 tcp/9100"),
            Doors.door("cab", "tcp/9000 tcp/7000 tcp/8500"),
            Doors.door("long", "tcp/7000 tcp/8000 tcp/9000 tcp/9900"),
            Doors.door("aab", "tcp/100 tcp/100 tcp/200"),
            Doors.door("mixed", "tcp/7100 udp/8000 icmp/echo:64"),
            Doors.door("ping", "icmp/echo:100 icmp/echo icmp/echo-reply:5"),
            Doors.door("fin", "tcp/7201 tcp/7200", FIN, true, true),
            Doors.door("lax", "tcp/5000 tcp/5001 tcp/5002", FlagCondition.CONNECT, false, true),
            Doors.door("exact", "udp/6000 udp/6001 udp/6002", FlagCondition.CONNECT, true, false));

    private final Frames frames = new Frames();

    /** Steps are what Alice sends, {@code +3s} lets time pass. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            right sequence                       | tcp/7000 tcp/8000 tcp/9100                       | abd
            prefix of a longer one opens both    | tcp/7000 tcp/8000 tcp/9000 tcp/9900              | abc long
            one door's last is another's first   | tcp/7000 tcp/8000 tcp/9000 tcp/7000 tcp/8500     | abc cab
            wrong order                          | tcp/8000 tcp/7000 tcp/9000                       | ''
            a step left out                      | tcp/7000 tcp/9000                                | ''
            other port in between                | tcp/7000 tcp/7001 tcp/8000 tcp/9000              | ''
            other port before                    | tcp/6999 tcp/7000 tcp/8000 tcp/9100              | abd
            wrong knock may begin anew           | tcp/7000 tcp/7000 tcp/8000 tcp/9100              | abd
            late restart counts from the restart | tcp/7000 +9s tcp/7000 +9s tcp/8000 tcp/9100      | abd
            again                                | tcp/7000 tcp/8000 tcp/9100 tcp/7000 tcp/8000 tcp/9100 | abd abd
            repeat of the previous knock         | tcp/7000 tcp/8000 tcp/8000 tcp/8000 tcp/9100     | abd
            repeat of an earlier knock           | tcp/7000 tcp/8000 tcp/7000 tcp/9100              | ''
            repeat, not tolerated                | udp/6000 udp/6001 udp/6001 udp/6002              | ''
            no repeat, not tolerated             | udp/6000 udp/6001 udp/6002                       | exact
            just in time                         | tcp/7000 +5s tcp/8000 +5s tcp/9100               | abd
            too slow                             | tcp/7000 +5s tcp/8000 +6s tcp/9100               | ''
            the late knock begins anew           | tcp/7000 +11s tcp/7000 tcp/8000 tcp/9100         | abd
            public port in between               | tcp/7000 tcp/443 tcp/8000 tcp/9100               | abd
            guarded port in between              | tcp/7000 tcp/22 tcp/8000 tcp/22 tcp/9100         | abd
            UDP does not touch a TCP door        | tcp/7000 udp/53 tcp/8000 tcp/9100                | abd
            UDP touches a mixed door             | tcp/7100 udp/53 udp/8000 echo/64                 | ''
            ping does not touch a TCP door       | tcp/7000 echo/56 tcp/8000 tcp/9100               | abd
            data of a connection does not count  | tcp/7000 tcp/80:ack,psh tcp/8000 tcp/9100        | abd
            SYN+ACK is no knock                  | tcp/7000:syn,ack tcp/8000 tcp/9100               | ''
            mixed                                | tcp/7100 udp/8000 echo/64                        | mixed
            echo of another size                 | tcp/7100 udp/8000 echo/65                        | ''
            echo of another size, then right     | tcp/7100 udp/8000 echo/65 echo/64                | ''
            echo of any size, reply              | echo/100 echo/1 reply/5                          | ping
            reply instead of request             | echo/100 reply/1 reply/5                         | ''
            FIN door                             | tcp/7201:fin tcp/7200:fin                        | fin
            FIN door, SYNs                       | tcp/7201 tcp/7200                                | ''
            FIN door, FIN scan                   | tcp/7201:fin tcp/7300:fin tcp/7200:fin           | ''
            FIN door, SYN in between             | tcp/7201:fin tcp/80 tcp/7200:fin                 | ''
            FIN door, FIN+ACK in between         | tcp/7201:fin tcp/80:fin,ack tcp/7200:fin         | fin
            lax door ignores unlisted ports      | tcp/5000 tcp/80 tcp/5001 tcp/81 tcp/5002         | lax
            lax door minds listed ports          | tcp/5000 tcp/7000 tcp/5001 tcp/5002              | ''
            sequence that repeats itself         | tcp/100 tcp/100 tcp/200                          | aab
            one more at the front                | tcp/100 tcp/100 tcp/100 tcp/200                  | aab
            one too few                          | tcp/100 tcp/200                                  | ''
            """)
    void on_knocks_opensDoors(String what, String knocks, String expected) {
        for (Address source : List.of(ALICE, BOB)) {
            SequenceRecogniser recogniser = new SequenceRecogniser(Doors.config(DOORS), 42);
            assertThat(String.join(" ", play(recogniser, source, knocks)))
                    .as(what)
                    .isEqualTo(expected);
        }
    }

    private static final List<Door> ALIKE = List.of(
            Doors.door("bought", "tcp/5000 tcp/7000 tcp/7000 tcp/8000"),
            Doors.door("brief", "tcp/5000 tcp/7000 tcp/9000"),
            Doors.door("pings", "icmp/echo-reply:5 icmp/echo icmp/echo:1 icmp/echo:9"),
            Doors.door("pong", "icmp/echo-reply:5 icmp/echo icmp/echo-reply:6"),
            Doors.door("A", "tcp/1 tcp/2 tcp/3 tcp/9"),
            Doors.door("B", "tcp/2 tcp/2 tcp/3 tcp/8"),
            Doors.door("C", "tcp/2 tcp/3 tcp/3 tcp/7"),
            Doors.door("D", "tcp/3 tcp/3 tcp/3 tcp/6"),
            Doors.door("E", "tcp/3 tcp/3 tcp/5"));

    /** Doors that begin alike, or with what another has within it, and repeat a port. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            the longer one                       | tcp/5000 tcp/7000 tcp/7000 tcp/8000              | bought
            ... with a knock repeated            | tcp/5000 tcp/7000 tcp/7000 tcp/7000 tcp/8000     | bought
            the shorter one                      | tcp/5000 tcp/7000 tcp/9000                       | brief
            ... with a knock repeated            | tcp/5000 tcp/7000 tcp/7000 tcp/9000              | brief
            ... with the other's last            | tcp/5000 tcp/7000 tcp/7000 tcp/8000 tcp/9000     | bought
            a ping of any size repeated          | reply/5 echo/1 echo/1 reply/6                    | pong
            ... with another size                | reply/5 echo/1 echo/2 echo/1 echo/9              | pings
            six prefixes at once, the first      | tcp/1 tcp/2 tcp/2 tcp/3 tcp/3 tcp/3 tcp/9        | A
            ... the second                       | tcp/1 tcp/2 tcp/2 tcp/3 tcp/3 tcp/3 tcp/8        | B
            ... the third                        | tcp/1 tcp/2 tcp/2 tcp/3 tcp/3 tcp/3 tcp/7        | C
            ... the fourth                       | tcp/1 tcp/2 tcp/2 tcp/3 tcp/3 tcp/3 tcp/6        | D
            ... the fifth                        | tcp/1 tcp/2 tcp/2 tcp/3 tcp/3 tcp/3 tcp/5        | E
            """)
    void on_repeatedKnocks_losesNoDoor(String what, String knocks, String expected) {
        SequenceRecogniser recogniser = new SequenceRecogniser(Doors.config(ALIKE), 42);
        assertThat(String.join(" ", play(recogniser, ALICE, knocks))).as(what).isEqualTo(expected);
    }

    @Test
    void on_twoSourcesInterleaved_areIndependent() {
        SequenceRecogniser recogniser = new SequenceRecogniser(Doors.config(DOORS), 42);
        List<String> opened = new ArrayList<>();
        for (String knock : List.of("tcp/7000", "tcp/8000", "tcp/9100")) {
            opened.addAll(play(recogniser, ALICE, knock));
            opened.addAll(play(recogniser, BOB, "tcp/1"));
            opened.addAll(play(recogniser, BOB, knock));
        }
        assertThat(opened).containsExactly("abd");
    }

    @Test
    void on_scanInOrder_opensNothing() {
        SequenceRecogniser recogniser = new SequenceRecogniser(Doors.config(DOORS), 42);
        List<String> opened = new ArrayList<>();
        for (int port = 1; port <= 65535; port++) {
            opened.addAll(play(recogniser, ALICE, "tcp/" + port));
            opened.addAll(play(recogniser, BOB, "tcp/" + port + ":fin"));
        }
        // "lax" is a door with strict = false, which is what the check warns of.
        assertThat(opened).containsExactly("lax");
        assertThat(recogniser.halfDone()).isLessThanOrEqualTo(2);
    }

    /** The recogniser against a slow twin that keeps every touch and looks whether the last ones are the sequence. */
    @Test
    void on_randomKnocks_agreesWithSlowTwin() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            List<Door> doors = randomDoors(random);
            SequenceRecogniser recogniser = new SequenceRecogniser(Doors.config(doors), random.nextLong());
            SlowTwin twin = new SlowTwin(doors);
            long nowNs = 0;
            for (int i = 0; i < 200; i++) {
                int port = 1000 + random.nextInt(4);
                Address source = random.nextBoolean() ? ALICE : BOB;
                nowNs += random.nextInt(6) * 1_000_000_000L;
                List<String> opened = play(recogniser, source, "tcp/" + port, nowNs);
                assertThat(opened).containsExactlyInAnyOrderElementsOf(twin.on(source, port, nowNs));
            }
        }
    }

    /**
     * Doors that share beginnings and repeat themselves open as each of them would alone; past the bound on prefixes some do not, but
     * none that should not.
     */
    @Test
    void on_randomKnocks_opensWhatEachDoorWouldAlone() {
        Random random = new Random(11);
        int bounded = 0;
        for (int round = 0; round < 1000; round++) {
            List<Door> doors = repetitiveDoors(random);
            SequenceRecogniser recogniser = new SequenceRecogniser(Doors.config(doors), random.nextLong());
            LoneAttempts alone = new LoneAttempts(doors);
            boolean isBounded = SequenceRecogniser.prefixesAtOnce(doors) > SequenceRecogniser.MAX_PREFIXES;
            bounded += isBounded ? 1 : 0;
            long nowNs = 0;
            List<String> knocks = new ArrayList<>();
            int port = 1000;
            for (int i = 0; i < 100; i++) {
                port = random.nextInt(3) == 0 ? port : 1000 + random.nextInt(4);
                nowNs += random.nextInt(4) * 1_000_000_000L;
                knocks.add(port + "@" + nowNs / 1_000_000_000L);
                List<String> opened = play(recogniser, ALICE, "tcp/" + port, nowNs);
                List<String> expected = alone.on(ALICE, port, nowNs);
                ListAssert<String> that =
                        assertThat(opened).as("round %d, %s knocked %s", round, sequences(doors), knocks);
                if (isBounded) {
                    that.isSubsetOf(expected);
                } else {
                    that.containsExactlyInAnyOrderElementsOf(expected);
                }
            }
        }
        assertThat(bounded).isBetween(1, 100);
    }

    @Test
    void on_floodOfForgedFirstKnocks_honestSequenceGoesOn() {
        int capacity = 1024;
        SequenceRecogniser recogniser = new SequenceRecogniser(Doors.config(DOORS, new Limits(capacity, 10, 10)), 42);
        List<String> opened = new ArrayList<>(play(recogniser, ALICE, "tcp/7000"));
        int forged = 0;
        for (int i = 0; i < capacity / 2 - 1; i++) {
            play(recogniser, Address.ofIpv4(0x0b00_0000 + forged++), "tcp/7000");
        }
        opened.addAll(play(recogniser, ALICE, "tcp/8000"));
        for (int i = 0; i < 50 * capacity; i++) {
            play(recogniser, Address.ofIpv4(0x0b00_0000 + forged++), "tcp/7000");
        }
        opened.addAll(play(recogniser, ALICE, "tcp/9100"));
        assertThat(opened).containsExactly("abd");
        assertThat(recogniser.halfDone()).isLessThanOrEqualTo(capacity);
    }

    @Test
    void expire_afterTheTime_forgetsAndTells() {
        SequenceRecogniser recogniser = new SequenceRecogniser(Doors.config(DOORS), 42);
        play(recogniser, ALICE, "tcp/7000");
        play(recogniser, BOB, "tcp/7000 tcp/8000");
        List<Recognition> told = new ArrayList<>();
        recogniser.expire(10_000_000_000L, (_, _, recognition) -> told.add(recognition));
        assertThat(told).isEmpty();
        recogniser.expire(10_000_000_001L, (_, _, recognition) -> told.add(recognition));
        assertThat(told)
                .hasSize(2)
                .allMatch(
                        r -> r instanceof Recognition.Rejected rejected && rejected.reason() == RejectReason.TOO_SLOW);
        assertThat(recogniser.halfDone()).isZero();
    }

    @Test
    void on_tenThousandDoorsWithOneBeginning_followsOnePrefix() {
        List<Door> doors = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            doors.add(Doors.door("d" + i, "tcp/7000 tcp/8000 tcp/" + (10_000 + i)));
        }
        SequenceRecogniser recogniser = new SequenceRecogniser(Doors.config(doors), 42);
        int[] recognitions = new int[1];
        for (String knock : List.of("tcp/7000", "tcp/8000", "tcp/12345")) {
            recogniser.on(frames.packet(ALICE, knock), 0, (_, _, _) -> recognitions[0]++);
        }
        // Two advances, one advance and one opening for the last.
        assertThat(recognitions[0]).isEqualTo(4);
    }

    private static List<Door> randomDoors(Random random) {
        List<Door> doors = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            StringBuilder sequence = new StringBuilder();
            for (int step = 1 + random.nextInt(4); step > 0; step--) {
                sequence.append(sequence.isEmpty() ? "" : " ").append("tcp/").append(1000 + random.nextInt(3));
            }
            doors.add(Doors.door("d" + i, sequence.toString(), FlagCondition.CONNECT, true, false));
        }
        return doors;
    }

    private static List<String> sequences(List<Door> doors) {
        return doors.stream()
                .map(door -> door.name()
                        + (door.strict() ? "" : " lax")
                        + (door.tolerateRepeat() ? " " : " exact ")
                        + door.sequence())
                .toList();
    }

    private static List<Door> repetitiveDoors(Random random) {
        List<Door> doors = new ArrayList<>();
        int ports = 2 + random.nextInt(2);
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            int port = 1000;
            StringBuilder sequence = new StringBuilder();
            for (int step = 1 + random.nextInt(5); step > 0; step--) {
                port = random.nextInt(3) == 0 ? port : 1000 + random.nextInt(ports);
                sequence.append(sequence.isEmpty() ? "" : " ").append("tcp/").append(port);
            }
            boolean strict = random.nextInt(4) > 0;
            boolean repeat = random.nextInt(4) > 0;
            doors.add(Doors.door("d" + i, sequence.toString(), FlagCondition.CONNECT, strict, repeat));
        }
        return doors;
    }

    private List<String> play(SequenceRecogniser recogniser, Address source, String knocks) {
        return play(recogniser, source, knocks, 0);
    }

    private List<String> play(SequenceRecogniser recogniser, Address source, String knocks, long startNs) {
        List<String> opened = new ArrayList<>();
        long nowNs = startNs;
        for (String knock : knocks.split(" ", -1)) {
            if (knock.startsWith("+")) {
                nowNs += Long.parseLong(knock.substring(1, knock.length() - 1)) * 1_000_000_000L;
                continue;
            }
            recogniser.on(frames.packet(source, knock), nowNs, (high, low, recognition) -> {
                if (recognition instanceof Recognition.Recognised(Door door)) {
                    assertThat(new Address(high, low)).isEqualTo(source);
                    opened.add(door.name());
                }
            });
        }
        return opened;
    }
}
