package tirl.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A set of doors, as the text that knockd reads and as rules for the {@link KnockModel}. */
record KnockDoors(List<KnockModel.Door> doors) {
    /** A door of one knock that tells, when it opens for somebody, that everything before has been seen. */
    static final int CANARY_PORT = 6660;

    KnockDoors {
        doors = List.copyOf(doors);
    }

    /** These doors, and those that every comparison needs: one that lists the closing port for each destination. */
    static KnockDoors comparable(List<KnockModel.Door> doors) {
        List<KnockModel.Door> all = new ArrayList<>(doors);
        Stream.concat(Stream.of(""), doors.stream().map(KnockModel.Door::target).filter(target -> !target.isEmpty()))
                .distinct()
                .forEach(target -> all.add(door(
                        "closer" + all.size(),
                        KnockScript.NEVER_SENT + ":tcp," + KnockScript.CLOSING_PORT + ":tcp",
                        25,
                        "",
                        target)));
        all.add(door("canary", CANARY_PORT + ":tcp", 25, "", ""));
        return new KnockDoors(all);
    }

    /**
     * One door.
     *
     * @param flags as after {@code TCPFlags =}; empty for any
     * @param target empty for the server's own addresses
     */
    static KnockModel.Door door(String name, String sequence, int timeoutSeconds, String flags, String target) {
        int set = 0;
        int clear = 0;
        for (String flag : flags.isEmpty() ? new String[0] : flags.split(",", -1)) {
            if (flag.startsWith("!")) {
                clear |= KnockScript.flag(flag.substring(1));
            } else {
                set |= KnockScript.flag(flag);
            }
        }
        return new KnockModel.Door(name, List.of(sequence.split(",", -1)), timeoutSeconds, set, clear, target);
    }

    /** What knockd reads. Every door has a start command that notes down the opening, and no stop command. */
    String config() {
        return doors.stream()
                .map(door -> KnockDaemon.door(
                        door.name(),
                        String.join(",", door.steps()),
                        "seq_timeout = " + door.timeoutSeconds(),
                        KnockDaemon.noting("start_command", door.name())
                                + flagsLine(door)
                                + (door.target().isEmpty() ? "" : "\n\ttarget = " + door.target())))
                .collect(Collectors.joining());
    }

    /** Where attempts of a source of this family may live: the server first. */
    List<String> destinations(boolean ipv6, String server) {
        return Stream.concat(
                        Stream.of(server),
                        doors.stream()
                                .map(KnockModel.Door::target)
                                .filter(target -> !target.isEmpty() && target.contains(":") == ipv6)
                                .distinct())
                .toList();
    }

    private static String flagsLine(KnockModel.Door door) {
        List<String> names = new ArrayList<>();
        for (String name : List.of("fin", "syn", "rst", "psh", "ack", "urg")) {
            int flag = KnockScript.flag(name);
            if ((door.flagsSet() & flag) != 0) {
                names.add(name);
            } else if ((door.flagsClear() & flag) != 0) {
                names.add("!" + name);
            }
        }
        return names.isEmpty() ? "" : "\n\ttcpflags = " + String.join(",", names);
    }
}
