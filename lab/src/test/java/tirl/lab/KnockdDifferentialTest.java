package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * knockd 0.8 and {@code tirl knockd} side by side on the same packets. They have to say the same about every script,
 * but for the one deliberate fix that shows in the log of a single source: the end of the oldest attempt no longer
 * makes the daemon forget the others ("list head" in docs/knockd-differences.md). Where they differ, a model of the
 * matching that was written from its description has to give knockd's answer with that bug and tirl's without.
 *
 * <p>How the comparison stays honest: {@link KnockScript} on why scripts do not get in each other's way,
 * {@link FrameSender} on the turn of a second, and the self-tests here, with knockd on both sides.
 */
@Tag("netns")
class KnockdDifferentialTest {
    private static final int ROUNDS = 9;
    private static final int SCRIPTS_PER_ROUND = 45;
    private static final long SEED = 20210428;

    /** The table of section 5 of the research, as scripts. */
    private static final List<String> KNOWN = List.of(
            "7000 7001 7002",
            "7000 7999 7001 7002", // a port that no door lists
            "7000 7100 7001 7002", // one that another door lists
            "7000 7000 7001 7002",
            "7000 7000 7000 7001 7002",
            "7000 7001/fin 7001 7002",
            "7000 7001:udp 7001 7002",
            "7000 7002 7000 7001 7002",
            "7000 7002 7002 7000 7001 7002",
            "7000 7001 7002 7000 7001 7002",
            "7100 7101 7102 7103", // a door that is another's beginning, listed first
            "7200 7201 7202 7203", // listed second
            "7300 7301 7302", // a common beginning
            "7300 7301 7303",
            "7000 7300 7301 7302", // the first knock of another door fails the attempt and begins none
            "7400:udp 7400:udp",
            "7400/fin 7400",
            "7500 7500/ack 7500/rst 7500/fin+psh+urg",
            "7000@10.77.99.99 7001@10.77.99.99 7002@10.77.99.99",
            "7600@10.77.99.99 7601@10.77.99.99",
            "7600 7601",
            "7600@10.77.99.99 7000 7601@10.77.99.99 7001 7002",
            "7700 ~1100 7701",
            "7700 ~1100 7700 7701",
            "7800 7801",
            "7810");

    private static final KnockDoors KNOWN_DOORS = KnockDoors.comparable(List.of(
            KnockDoors.door("plain", "7000:tcp,7001:tcp,7002:tcp", 25, "syn", ""),
            KnockDoors.door("short-first", "7100:tcp,7101:tcp", 25, "syn", ""),
            KnockDoors.door("long-second", "7100:tcp,7101:tcp,7102:tcp,7103:tcp", 25, "syn", ""),
            KnockDoors.door("long-first", "7200:tcp,7201:tcp,7202:tcp,7203:tcp", 25, "syn", ""),
            KnockDoors.door("short-second", "7200:tcp,7201:tcp", 25, "syn", ""),
            KnockDoors.door("left", "7300:tcp,7301:tcp,7302:tcp", 25, "syn", ""),
            KnockDoors.door("right", "7300:tcp,7301:tcp,7303:tcp", 25, "syn", ""),
            KnockDoors.door("one-datagram", "7400:udp", 25, "fin", ""),
            KnockDoors.door("any-flags", "7500:tcp,7500:tcp,7500:tcp", 25, "", ""),
            KnockDoors.door("target", "7600:tcp,7601:tcp", 25, "syn", RandomKnocks.TARGET_IPV4),
            KnockDoors.door("brief", "7700:tcp,7701:tcp", 1, "syn", ""),
            KnockDoors.door("zero", "7800:tcp,7801:tcp", 0, "syn", ""),
            KnockDoors.door("zero-of-one", "7810:tcp", 0, "syn", "")));

    @Test
    void knownCases_areAnsweredAsByKnockd() {
        try (Network network = Network.create()) {
            List<KnockDuel.Outcome> outcomes = duel(network, KNOWN_DOORS, known(), KnockDaemon.Kind.TIRL);

            assertOnlyTheFix(outcomes);
            // Otherwise nothing would have been compared.
            assertThat(outcomes)
                    .filteredOn(outcome -> !outcome.right().isEmpty())
                    .hasSizeGreaterThan(20);
        }
    }

    @Test
    void randomScripts_areAnsweredAsByKnockd() {
        List<KnockDuel.Outcome> outcomes = new ArrayList<>();
        try (Network network = Network.create()) {
            for (int round = 1; round <= ROUNDS; round++) {
                RandomKnocks random = new RandomKnocks(SEED + round);
                KnockDoors doors = random.doors();
                List<KnockScript> scripts = random.scripts(doors, round, SCRIPTS_PER_ROUND);
                outcomes.addAll(duel(network, doors, scripts, KnockDaemon.Kind.TIRL));
            }
        }
        assertOnlyTheFix(outcomes);
        report(outcomes);
    }

    /** The harness sees no difference where there is none, and the model knows what knockd does. */
    @Test
    void knockdAgainstItself_agrees() {
        try (Network network = Network.create()) {
            List<KnockDuel.Outcome> outcomes = new ArrayList<>();
            outcomes.addAll(duel(network, KNOWN_DOORS, known(), KnockDaemon.Kind.KNOCKD));
            RandomKnocks random = new RandomKnocks(SEED);
            KnockDoors doors = random.doors();
            outcomes.addAll(duel(network, doors, random.scripts(doors, 1, 30), KnockDaemon.Kind.KNOCKD));

            assertThat(outcomes).filteredOn(outcome -> !outcome.agreed()).isEmpty();
            assertThat(outcomes)
                    .filteredOn(outcome -> outcome.clear() && !outcome.left().equals(outcome.withBug()))
                    .isEmpty();
            // And it knows the bug: there are scripts that show it.
            assertThat(outcomes)
                    .filteredOn(outcome -> !outcome.withBug().equals(outcome.withoutBug()))
                    .isNotEmpty();
        }
    }

    @Test
    void plantedDifference_isSeen() {
        List<KnockModel.Door> planted = new ArrayList<>(KNOWN_DOORS.doors());
        planted.set(0, KnockDoors.door("plain", "7000:tcp,7001:tcp,7003:tcp", 25, "syn", ""));
        try (Network network = Network.create();
                KnockDuel duel =
                        KnockDuel.start(network, KNOWN_DOORS, new KnockDoors(planted), KnockDaemon.Kind.KNOCKD)) {
            List<KnockDuel.Outcome> outcomes = duel.play(known());

            assertThat(outcomes).filteredOn(outcome -> !outcome.agreed()).hasSizeGreaterThan(3);
            assertThat(outcomes.getFirst().left()).contains("plain: OPEN SESAME");
            assertThat(outcomes.getFirst().right()).containsExactly("plain: Stage 1", "plain: Stage 2");
        }
    }

    private static List<KnockDuel.Outcome> duel(
            Network network, KnockDoors doors, List<KnockScript> scripts, KnockDaemon.Kind right) {
        try (KnockDuel duel = KnockDuel.start(network, doors, right)) {
            List<KnockDuel.Outcome> outcomes = duel.play(scripts);
            for (KnockDaemon daemon : List.of(duel.left(), duel.right())) {
                assertThat(daemon.ran().stream().sorted())
                        .as("what the commands of %s did, against what it logged", daemon)
                        .containsExactlyElementsOf(KnockDuel.openings(daemon));
            }
            return outcomes;
        }
    }

    private static void assertOnlyTheFix(List<KnockDuel.Outcome> outcomes) {
        List<KnockDuel.Outcome> clear =
                outcomes.stream().filter(KnockDuel.Outcome::clear).toList();
        assertThat(clear).as("scripts that were sent in time").hasSizeGreaterThan(outcomes.size() * 95 / 100);
        assertThat(clear)
                .as("scripts about which the model is wrong")
                .filteredOn(outcome -> !outcome.left().equals(outcome.withBug()))
                .isEmpty();
        assertThat(clear)
                .as("scripts where tirl differs, and not only by the fix of the list head")
                .filteredOn(outcome -> !outcome.right().equals(outcome.withoutBug()))
                .isEmpty();
    }

    private static void report(List<KnockDuel.Outcome> outcomes) {
        long opened = outcomes.stream()
                .filter(outcome -> outcome.right().stream().anyMatch(line -> line.endsWith("OPEN SESAME")))
                .count();
        long fixed = outcomes.stream().filter(outcome -> !outcome.agreed()).count();
        long unclear = outcomes.stream().filter(outcome -> !outcome.clear()).count();
        System.out.printf(
                "knockd and tirl on the same packets: %d scripts, %d of them with an opening, %d differ by the fix of"
                        + " the list head alone, %d not compared for a turn of the second%n",
                outcomes.size(), opened, fixed, unclear);
    }

    private static List<KnockScript> known() {
        List<KnockScript> scripts = new ArrayList<>();
        for (String text : KNOWN) {
            int number = scripts.size() + 1;
            scripts.add(new KnockScript("10.129.0." + number, text));
        }
        return scripts;
    }
}
