package tirl.knockd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.knockd.KnockdDoors.Lines;
import tirl.packet.Address;
import tirl.recognise.Frames;

class KnockdRecogniserTest {
    private static final Address ALICE = Address.parse("10.0.0.2").orElseThrow();
    private static final Address ALICE6 = Address.parse("fd00::2").orElseThrow();
    private static final Address BOB = Address.parse("10.0.0.3").orElseThrow();
    private static final Address TARGET = Address.parse("10.9.9.9").orElseThrow();

    private final Frames frames = new Frames();
    private final Lines lines = new Lines();

    /** One row for each row of the table in the notes. Doors are name=sequence; results are door:stage, ! open, x failed, t timeout. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            right knocks               | a=1,2,3         | tcp/1 tcp/2 tcp/3              | a1 a2 a3 a!
            unlisted port              | a=1,2           | tcp/1 tcp/22 udp/53 tcp/2      | a1 a2 a!
            listed, not expected       | a=1,2,3         | tcp/1 tcp/3 tcp/2 tcp/3        | a1 ax1
            listed by another door     | a=1,2;b=8,9     | tcp/1 tcp/9 tcp/2              | a1 ax1
            failing knock starts none  | a=1,2           | tcp/1 tcp/1 tcp/2              | a1 ax1
            first knock three times    | a=1,2           | tcp/1 tcp/1 tcp/1 tcp/2        | a1 ax1 a1 a2 a!
            duplicate in the middle    | a=1,2,3         | tcp/1 tcp/2 tcp/2 tcp/3        | a1 a2 ax2
            flags do not fit           | a=1,2 syn       | tcp/1 tcp/2:ack tcp/1:ack tcp/2 | a1 a2 a!
            flags decide at the start  | a=1,2 syn       | tcp/1:ack tcp/2                | ''
            no flags, any packet       | a=1,2           | tcp/1 tcp/1:ack tcp/2          | a1 ax1
            no flags, RST opens        | a=1,2           | tcp/1:rst tcp/2:fin            | a1 a2 a!
            UDP to a TCP port          | a=1,2           | tcp/1 udp/2 tcp/2              | a1 a2 a!
            UDP port of another door   | a=1,2;b=2:udp,5 | tcp/1 udp/2 tcp/2              | a1 ax1
            flags are not for UDP      | a=1:udp,2 syn   | udp/1 tcp/2                    | a1 a2 a!
            ping is nothing            | a=1,2           | tcp/1 echo/1 tcp/2             | a1 a2 a!
            again and again            | a=1,2           | tcp/1 tcp/2 tcp/1 tcp/2        | a1 a2 a! a1 a2 a!
            one port                   | a=1             | tcp/1 tcp/1                    | a1 a! a1 a!
            in time                    | a=1,2 t5        | tcp/1 +4 tcp/2                 | a1 a2 a!
            late                       | a=1,2 t5        | tcp/1 +5 tcp/2                 | a1 at1
            from the first knock       | a=1,2,3 t5      | tcp/1 +4 tcp/2 +1 tcp/3        | a1 a2 at2
            late one starts anew       | a=1,2 t5        | tcp/1 +5 tcp/1 tcp/2           | a1 at1 a1 a2 a!
            unlisted one is not late   | a=1,2 t5        | tcp/1 +5 tcp/9 tcp/2           | a1 at1
            no time, one port          | a=1 t0          | tcp/1                          | a1 a!
            no time, two ports         | a=1,2 t0        | tcp/1 tcp/2                    | a1 at1
            less than no time          | a=1,2 t-1       | tcp/1 tcp/2                    | a1 at1
            common prefix, first       | a=1,2,3;b=1,2,4 | tcp/1 tcp/2 tcp/3              | a1 b1 a2 b2 a3 a! bx2
            common prefix, second      | a=1,2,3;b=1,2,4 | tcp/1 tcp/2 tcp/4              | a1 b1 a2 b2 ax2 b3 b!
            common prefix, other kinds | a=1,2 t5;b=1,2 t9;c=1,2 t5 | tcp/1 tcp/2         | a1 b1 c1 a2 a! b2 b! c2 c!
            prefix listed first        | a=1;b=1,2       | tcp/1 tcp/2                    | a1 a! b1 b2 b!
            prefix listed last         | b=1,2;a=1       | tcp/1 tcp/2                    | b1 a1 a! b2 b!
            equal sequences            | a=1,2;b=1,2     | tcp/1 tcp/2                    | a1 b1 a2 a! b2 b!
            inside x, first of y       | a=1,2,3;b=5,6   | tcp/1 tcp/5 tcp/6 tcp/2 tcp/3  | a1 ax1
            inside x, flags spare it   | a=1,2 syn;b=5,6 | tcp/1 tcp/5:ack tcp/6 tcp/2    | a1 ax1
            timeouts differ            | a=1,2 t5;b=1,3 t9 | tcp/1 +5 tcp/3               | a1 b1 at1 b2 b!
            port 0                     | a=0,7           | tcp/0 tcp/7                    | a1 a2 a!
            target, other address      | a=1,2 @         | tcp/1 tcp/2                    | ''
            target                     | a=1,2 @         | tcp/1@ tcp/2@                  | a1 a2 a!
            target beside local        | a=1,2 @;b=1,2   | tcp/1@ tcp/1 tcp/2 tcp/2@      | a1 b1 b2 b! a2 a!
            not local, no target       | a=1,2           | tcp/1@ tcp/2@                  | ''
            sequence with itself       | a=1,1,2         | tcp/1 tcp/1 tcp/1 tcp/1 tcp/1 tcp/2 | a1 a2 ax2 a1 a2 a3 a!
            """)
    void on_knocks_hasOutcomes(String what, String doors, String knocks, String expected) {
        for (Address source : List.of(ALICE, ALICE6)) {
            if (source.equals(ALICE) || (!doors.contains("@") && !knocks.contains("@"))) {
                KnockdRecogniser recogniser = new KnockdRecogniser(doors(doors), 100, 1);
                assertThat(play(recogniser, source, knocks)).as(what).isEqualTo(expected);
                assertThat(recogniser.halfDone()).isBetween(0, 1);
            }
        }
    }

    @Test
    void on_twoFamiliesOfOneHost_areTwoSources() {
        KnockdRecogniser recogniser = new KnockdRecogniser(doors("a=1,2"), 100, 1);
        assertThat(play(recogniser, ALICE, "tcp/1") + play(recogniser, ALICE6, "tcp/2"))
                .isEqualTo("a1");
    }

    @Test
    void on_fiftyInLockstep_allOpen() {
        KnockdRecogniser recogniser = new KnockdRecogniser(doors("a=1,2,3"), 100, 1);
        List<String> all = new ArrayList<>();
        for (String knock : List.of("tcp/1", "tcp/2", "tcp/3")) {
            for (int i = 0; i < 50; i++) {
                all.add(play(recogniser, Address.ofIpv4(0x0a00_0100 + i), knock));
            }
        }
        assertThat(all.subList(100, 150)).allMatch("a3 a!"::equals);
        assertThat(recogniser.halfDone()).isZero();
    }

    /** The attack on knockd's list: a forged source's wrong knock followed by the next source's first knock. */
    @Test
    void on_forgedPairs_honestSequenceOpens() {
        KnockdRecogniser recogniser = new KnockdRecogniser(doors("a=1,2,3"), 64, 1);
        StringBuilder honest = new StringBuilder();
        int forged = 0;
        for (String knock : List.of("tcp/1", "tcp/2", "tcp/3")) {
            honest.append(play(recogniser, ALICE, knock));
            for (int i = 0; i < 20; i++) {
                play(recogniser, Address.ofIpv4(0x0b00_0000 + forged), "tcp/3");
                play(recogniser, Address.ofIpv4(0x0b00_0000 + ++forged), "tcp/1");
            }
        }
        assertThat(honest.toString()).isEqualTo("a1a2a3 a!");
    }

    @Test
    void on_floodOfForgedFirstKnocks_honestSequenceGoesOn() {
        int capacity = 1024;
        KnockdRecogniser recogniser = new KnockdRecogniser(doors("a=1,2,3"), capacity, 1);
        assertThat(play(recogniser, ALICE, "tcp/1")).isEqualTo("a1");
        int forged = 0;
        int crowdedOut = 0;
        for (int i = 0; i < capacity / 2 - 1; i++) {
            play(recogniser, Address.ofIpv4(0x0b00_0000 + forged++), "tcp/1");
        }
        assertThat(play(recogniser, ALICE, "tcp/2")).isEqualTo("a2");
        for (int i = 0; i < 20 * capacity; i++) {
            crowdedOut += play(recogniser, Address.ofIpv4(0x0b00_0000 + forged++), "tcp/1")
                            .contains("c")
                    ? 1
                    : 0;
        }
        assertThat(play(recogniser, ALICE, "tcp/3")).isEqualTo("a3 a!");
        assertThat(recogniser.halfDone()).isLessThanOrEqualTo(capacity);
        assertThat(crowdedOut).isGreaterThan(19 * capacity);
    }

    @Test
    void expire_atTheTimeout_tellsAndForgets() {
        KnockdRecogniser recogniser = new KnockdRecogniser(doors("a=1,2 t5;b=1,3 t9"), 100, 1);
        play(recogniser, ALICE, "tcp/1");
        recogniser.expire(4, lines);
        assertThat(lines.take()).isEmpty();
        recogniser.expire(5, lines);
        assertThat(lines.take()).containsExactly("10.0.0.2: a: sequence timeout (stage 1)");
        assertThat(recogniser.halfDone()).isOne();
        recogniser.expire(9, lines);
        assertThat(lines.take()).containsExactly("10.0.0.2: b: sequence timeout (stage 1)");
        assertThat(recogniser.halfDone()).isZero();
    }

    @Test
    void replaceSequence_whenOpened_forgetsAttempts() {
        List<KnockdDoor> doors = KnockdDoors.of("""
                [once]
                one_time_sequences = /f
                sequence = 1,2
                [other]
                sequence = 1,5,6
                """);
        KnockdRecogniser recogniser = new KnockdRecogniser(doors, 100, 1);
        List<KnockdStep> next = steps("1,2,9");
        KnockdSink rotating = (high, low, outcome) -> {
            lines.accept(high, low, outcome);
            if (outcome instanceof KnockdOutcome.OpenSesame) {
                recogniser.replaceSequence(0, next);
            }
        };
        play(recogniser, BOB, "tcp/1");
        lines.take();
        recogniser.on(frames.packet(ALICE, "tcp/1"), 0, rotating);
        recogniser.on(frames.packet(ALICE, "tcp/2"), 0, rotating);
        assertThat(lines.take()).last().isEqualTo("failed 10.0.0.2: other 1");
        assertThat(recogniser.doors().getFirst().sequence()).isEqualTo(next);
        // Neither the tail of the new sequence nor Bob's old beginning lets anybody in; Bob's other attempt lives.
        assertThat(play(recogniser, ALICE, "tcp/9")).isEmpty();
        assertThat(play(recogniser, BOB, "tcp/5 tcp/6")).isEqualTo("other2 other3 other!");
        assertThat(play(recogniser, ALICE, "tcp/1 tcp/2 tcp/9")).isEqualTo("once1 other1 once2 otherx1 once3 once!");
        recogniser.replaceSequence(0, List.of());
        assertThat(play(recogniser, ALICE, "tcp/9 tcp/2 tcp/1")).isEqualTo("other1");
        assertThatThrownBy(() -> recogniser.replaceSequence(1, next)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void replaceSequence_manyTimes_keepsNodesBounded() {
        KnockdRecogniser recogniser =
                new KnockdRecogniser(KnockdDoors.of("[o]\none_time_sequences=/f\nsequence=1,2"), 100, 1);
        for (int i = 0; i < 1000; i++) {
            recogniser.replaceSequence(0, steps(i + ",2," + (i + 1)));
            assertThat(play(recogniser, ALICE, "tcp/" + i + " tcp/2 tcp/" + (i + 1)))
                    .isEqualTo("o1 o2 o3 o!");
        }
    }

    @Test
    void hasTarget_onlyTargets() {
        KnockdRecogniser recogniser = new KnockdRecogniser(doors("a=1 @"), 100, 1);
        assertThat(recogniser.hasTarget(TARGET.high(), TARGET.low())).isTrue();
        assertThat(recogniser.hasTarget(ALICE.high(), ALICE.low())).isFalse();
    }

    @Test
    void on_targetThatCanNeverMatch_notEvenForTheUnspecifiedAddress() {
        KnockdRecogniser recogniser =
                new KnockdRecogniser(KnockdDoors.of("[d]\nsequence=1\ntarget=host.example"), 100, 1);
        recogniser.on(frames.packet(ALICE6, KnockdDoor.NEVER, "tcp/1"), true, 0, lines);
        assertThat(lines.take()).isEmpty();
        assertThat(recogniser.hasTarget(0, 0)).isFalse();
    }

    @Test
    void on_noDoors_nothing() {
        KnockdRecogniser recogniser = new KnockdRecogniser(List.of(), 100, 1);
        assertThat(play(recogniser, ALICE, "tcp/1 tcp/0 udp/0")).isEmpty();
    }

    /** Random doors and knocks: the recogniser says what the slow twin says, and what each source alone would hear. */
    @Test
    void on_randomKnocks_agreesWithSlowTwinAndWithEachSourceAlone() {
        for (int seed = 0; seed < 600; seed++) {
            Random random = new Random(seed);
            List<KnockdDoor> doors = randomDoors(random);
            KnockdRecogniser recogniser = new KnockdRecogniser(doors, 64, random.nextLong());
            SlowKnockd all = new SlowKnockd(doors, false);
            Map<Address, SlowKnockd> alone = new HashMap<>();
            Map<Address, KnockdRecogniser> recogniserAlone = new HashMap<>();
            int sources = 1 + random.nextInt(5);
            long seconds = 0;
            for (int i = 0; i < 150; i++) {
                seconds += random.nextInt(8) == 0 ? random.nextInt(4) : 0;
                Address source = Address.ofIpv4(0x0a00_0000 + random.nextInt(sources));
                String knock = randomKnock(random);
                boolean local = random.nextInt(5) > 0;
                var packet = local ? frames.packet(source, knock) : frames.packet(source, TARGET, knock);
                recogniser.on(packet, local, seconds, lines);
                List<String> said = lines.take();
                assertThat(said)
                        .as("seed " + seed + " packet " + i)
                        .isEqualTo(alone.computeIfAbsent(source, _ -> new SlowKnockd(doors, false))
                                .on(packet, local, seconds));
                assertThat(said).isEqualTo(own(source, all.on(packet, local, seconds), said));
                recogniserAlone
                        .computeIfAbsent(source, _ -> new KnockdRecogniser(doors, 1, 9))
                        .on(packet, local, seconds, lines);
                assertThat(lines.take()).isEqualTo(said);
            }
        }
    }

    /** The twin with one list tells timeouts of others too, at once; those of this source come when it is heard of. */
    private static List<String> own(Address source, List<String> logged, List<String> said) {
        List<String> own = new ArrayList<>(
                said.stream().filter(line -> line.contains("timeout")).toList());
        logged.stream()
                .filter(line -> !line.contains("timeout"))
                .peek(line -> assertThat(line).contains(source + ": "))
                .forEach(own::add);
        return own;
    }

    private static String randomKnock(Random random) {
        int port = 1 + random.nextInt(4);
        return random.nextInt(6) == 0
                ? "udp/" + port
                : "tcp/" + port + List.of("", "", "", ":ack", ":syn,ack").get(random.nextInt(5));
    }

    private static List<KnockdDoor> randomDoors(Random random) {
        StringBuilder doors = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
            doors.append(doors.isEmpty() ? "" : ";").append("d").append(i).append("=");
            for (int step = random.nextInt(4); step >= 0; step--) {
                doors.append(1 + random.nextInt(3))
                        .append(random.nextInt(8) == 0 ? ":udp" : "")
                        .append(step > 0 ? "," : "");
            }
            doors.append(List.of("", " syn", " t2", " t3", " @", " syn t3").get(random.nextInt(6)));
        }
        return doors(doors.toString());
    }

    private static List<KnockdDoor> doors(String text) {
        StringBuilder conf = new StringBuilder();
        for (String door : text.split(";", -1)) {
            String[] words = door.split("[= ]", -1);
            conf.append("[" + words[0] + "]\nsequence=" + words[1] + "\n");
            for (int i = 2; i < words.length; i++) {
                conf.append(
                                switch (words[i]) {
                                    case "@" -> "target=" + TARGET;
                                    case "syn" -> "tcpflags=syn,!ack";
                                    case String timeout -> "seq_timeout=" + timeout.substring(1);
                                })
                        .append("\n");
            }
        }
        return KnockdDoors.of(conf.toString());
    }

    private static List<KnockdStep> steps(String text) {
        return ((KnockdSequenceResult.Steps) KnockdSequenceParser.parse("d", text)).steps();
    }

    /** What each knock does, in short; {@code +5} lets five seconds pass, {@code @} goes to the Target. */
    private String play(KnockdRecogniser recogniser, Address source, String knocks) {
        List<String> all = new ArrayList<>();
        long seconds = 0;
        for (String knock : knocks.split(" ", -1)) {
            if (knock.startsWith("+")) {
                seconds += Long.parseLong(knock.substring(1));
                continue;
            }
            boolean local = !knock.endsWith("@");
            var packet = local
                    ? frames.packet(source, knock)
                    : frames.packet(source, TARGET, knock.substring(0, knock.length() - 1));
            recogniser.on(packet, local, seconds, (high, low, outcome) -> {
                all.add(shortly(outcome));
                assertThat(outcome instanceof KnockdOutcome.CrowdedOut || new Address(high, low).equals(source))
                        .isTrue();
            });
        }
        return String.join(" ", all);
    }

    private static String shortly(KnockdOutcome outcome) {
        return outcome.door().name()
                + switch (outcome) {
                    case KnockdOutcome.Stage stage -> "" + stage.stage();
                    case KnockdOutcome.OpenSesame _ -> "!";
                    case KnockdOutcome.SequenceTimeout timeout -> "t" + timeout.stage();
                    case KnockdOutcome.Failed failed -> "x" + failed.stage();
                    case KnockdOutcome.CrowdedOut out -> "c" + out.stage();
                };
    }
}
