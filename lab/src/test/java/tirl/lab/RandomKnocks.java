package tirl.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Doors and scripts by dice. Few ports, so that doors share prefixes, are prefixes of each other and get in each
 * other's way; scripts follow some door's sequence and go wrong in one way or another, or not.
 */
final class RandomKnocks {
    static final String TARGET_IPV4 = "10.77.99.99";
    static final String TARGET_IPV6 = "fd77:99::99";

    private static final int FIRST_PORT = 7000;
    private static final int PORTS = 4;
    private static final int UNLISTED_PORT = 7999;
    private static final List<String> DOOR_FLAGS =
            List.of("", "", "", "syn", "syn", "syn", "fin", "syn,!ack", "ack", "fin,!syn");
    private static final List<String> SENT_FLAGS =
            List.of("syn", "fin", "ack", "syn+ack", "rst", "fin+psh+urg", "syn+fin");
    private static final List<Integer> TIMEOUTS = List.of(1, 1, 2, 5, 5, 5, 25, 0);
    private static final List<Integer> LENGTHS = List.of(1, 2, 3, 3, 3, 4, 4, 5);

    private final Random dice;

    RandomKnocks(long seed) {
        dice = new Random(seed);
    }

    KnockDoors doors() {
        List<KnockModel.Door> doors = new ArrayList<>();
        int count = 3 + dice.nextInt(4);
        for (int i = 0; i < count; i++) {
            doors.add(doors.isEmpty() || chance(45) ? freshDoor("door" + i) : doorLike("door" + i, one(doors)));
        }
        return KnockDoors.comparable(doors);
    }

    /** Scripts for these doors, each from a source of its own: IPv6 for every third. */
    List<KnockScript> scripts(KnockDoors doors, int round, int count) {
        List<KnockModel.Door> inPlay = doors.doors().stream()
                .filter(door -> door.name().startsWith("door"))
                .toList();
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> {
                    boolean ipv6 = i % 3 == 0;
                    String source = ipv6
                            ? "fd99::" + Integer.toHexString(round) + ":" + Integer.toHexString(i)
                            : "10.128." + round + "." + i;
                    List<KnockModel.Door> knockable = inPlay.stream()
                            .filter(door ->
                                    door.target().isEmpty() || door.target().contains(":") == ipv6)
                            .toList();
                    return new KnockScript(source, text(knockable.isEmpty() ? inPlay : knockable, ipv6));
                })
                .toList();
    }

    private KnockModel.Door freshDoor(String name) {
        String target = chance(80) ? "" : one(List.of(TARGET_IPV4, TARGET_IPV6));
        return KnockDoors.door(name, steps(one(LENGTHS)), one(TIMEOUTS), one(DOOR_FLAGS), target);
    }

    /** So alike that one packet can be meant for both. */
    private KnockModel.Door doorLike(String name, KnockModel.Door other) {
        return new KnockModel.Door(
                name,
                like(other.steps()),
                chance(80) ? other.timeoutSeconds() : one(TIMEOUTS),
                other.flagsSet(),
                other.flagsClear(),
                other.target());
    }

    /** Another door's sequence, shorter, longer or with one other step. */
    private List<String> like(List<String> steps) {
        List<String> changed = new ArrayList<>(steps);
        switch (dice.nextInt(3)) {
            case 0 -> changed.addAll(List.of(steps(1 + dice.nextInt(2)).split(",", -1)));
            case 1 -> changed.set(dice.nextInt(changed.size()), steps(1));
            default -> {
                if (changed.size() > 1) {
                    changed.removeLast();
                }
            }
        }
        return changed;
    }

    private String steps(int count) {
        return IntStream.range(0, count)
                .mapToObj(_ -> FIRST_PORT + dice.nextInt(PORTS) + (chance(75) ? ":tcp" : ":udp"))
                .collect(Collectors.joining(","));
    }

    private String text(List<KnockModel.Door> doors, boolean ipv6) {
        List<String> words = new ArrayList<>();
        int walks = 1 + dice.nextInt(3);
        for (int walk = 0; walk < walks; walk++) {
            KnockModel.Door door = one(doors);
            words.addAll(door.steps().stream().map(step -> knock(step, door)).toList());
        }
        int faults = dice.nextInt(4);
        for (int fault = 0; fault < faults; fault++) {
            spoil(words, one(doors), ipv6);
        }
        if (chance(10)) {
            words.add(dice.nextInt(words.size()), "~" + (300 + dice.nextInt(900)));
        }
        return String.join(" ", words);
    }

    /** A step of a door as a knock that fits the door. */
    private static String knock(String step, KnockModel.Door door) {
        String destination = door.target().isEmpty() ? "" : "@" + door.target();
        if (step.endsWith(":udp")) {
            return step + destination;
        }
        String fitting = Stream.of("fin", "syn", "ack")
                .filter(name -> (door.flagsSet() & KnockScript.flag(name)) != 0)
                .collect(Collectors.joining("+"));
        return step.replace(":tcp", "") + (fitting.isEmpty() ? "" : "/" + fitting) + destination;
    }

    private void spoil(List<String> words, KnockModel.Door door, boolean ipv6) {
        int at = dice.nextInt(words.size());
        switch (dice.nextInt(7)) {
            case 0 -> words.add(at, words.get(at)); // a duplicate
            case 1 -> words.add(at, knock(one(door.steps()), door));
            case 2 -> words.add(at, UNLISTED_PORT + (chance(50) ? "" : ":udp"));
            case 3 -> words.add(at, FIRST_PORT + dice.nextInt(PORTS) + "/" + one(SENT_FLAGS));
            case 4 -> words.add(at, FIRST_PORT + dice.nextInt(PORTS) + "@" + (ipv6 ? TARGET_IPV6 : TARGET_IPV4));
            case 5 -> words.add(at, FIRST_PORT + dice.nextInt(PORTS) + ":udp");
            default -> {
                if (words.size() > 1) {
                    words.remove(at);
                }
            }
        }
    }

    private boolean chance(int percent) {
        return dice.nextInt(100) < percent;
    }

    private <T> T one(List<T> choices) {
        return choices.get(dice.nextInt(choices.size()));
    }
}
