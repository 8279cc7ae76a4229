package tirl.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * What knockd 0.8 makes of packets, in the words of its log: the third witness where knockd and tirl differ. With the
 * bug it has to say what knockd says, without it what tirl says; so a difference is the bug's, or it is none that we
 * know of. Written from the description of knockd's behaviour (docs/knockd-differences.md), not from its source.
 */
final class KnockModel {
    /**
     * A door as a rule about packets.
     *
     * @param steps as {@code 7000:tcp}
     * @param target a destination instead of the server's own addresses, or empty
     */
    record Door(String name, List<String> steps, int timeoutSeconds, int flagsSet, int flagsClear, String target) {
        Door {
            steps = List.copyOf(steps);
        }

        private boolean accepts(Frame frame, List<String> own) {
            return target.isEmpty() ? own.contains(frame.destination()) : target.equals(frame.destination());
        }

        private boolean flagsFit(Frame frame) {
            return frame.protocol().equals("udp")
                    || ((frame.flags() & flagsSet) == flagsSet && (frame.flags() & flagsClear) == 0);
        }

        private boolean lists(Frame frame) {
            return steps.contains(step(frame)) && flagsFit(frame);
        }
    }

    private static final class Attempt {
        private final Door door;
        private final String source;
        private final long begun;
        private int stage;
        private boolean over;

        private Attempt(Door door, String source, long begun) {
            this.door = door;
            this.source = source;
            this.begun = begun;
        }
    }

    private final List<Door> doors;
    private final List<String> own;
    private final boolean headBug;
    private final List<String> log = new ArrayList<>();
    private List<Attempt> attempts = new ArrayList<>();

    /**
     * A daemon that has seen nothing yet.
     *
     * @param own the addresses of the interface
     * @param headBug whether the end of the oldest attempt makes it forget all others
     */
    KnockModel(List<Door> doors, List<String> own, boolean headBug) {
        this.doors = List.copyOf(doors);
        this.own = List.copyOf(own);
        this.headBug = headBug;
    }

    /** Every line about stages and openings that would be in the log, without the time. */
    List<String> log() {
        return log;
    }

    void receive(Frame frame, long second) {
        if (doors.stream().noneMatch(door -> door.accepts(frame, own) && door.lists(frame))) {
            return; // its packet filter leaves this out
        }
        dropEnded(second);
        List<Attempt> mine = attempts.stream()
                .filter(attempt -> attempt.source.equals(frame.source()) && attempt.door.accepts(frame, own))
                .toList();
        mine.forEach(attempt -> advance(attempt, frame));
        if (mine.isEmpty()) {
            for (Door door : doors) {
                if (door.accepts(frame, own)
                        && door.flagsFit(frame)
                        && door.steps().getFirst().equals(step(frame))) {
                    Attempt attempt = new Attempt(door, frame.source(), second);
                    attempts.add(attempt);
                    advance(attempt, frame);
                }
            }
        }
    }

    private void dropEnded(long second) {
        for (Attempt attempt : attempts) {
            attempt.over |= second - attempt.begun >= attempt.door.timeoutSeconds();
        }
        boolean headEnded = !attempts.isEmpty() && attempts.getFirst().over;
        attempts = headBug && headEnded
                ? new ArrayList<>()
                : new ArrayList<>(
                        attempts.stream().filter(attempt -> !attempt.over).toList());
    }

    private void advance(Attempt attempt, Frame frame) {
        Door door = attempt.door;
        if (!door.flagsFit(frame)) {
            return;
        }
        if (!door.steps().get(attempt.stage).equals(step(frame))) {
            attempt.over = true;
            return;
        }
        attempt.stage++;
        String who = attempt.source + ": " + door.name() + ": ";
        log.add(who + "Stage " + attempt.stage);
        if (attempt.stage == door.steps().size()) {
            attempt.over = true;
            log.add(who + "OPEN SESAME");
        }
    }

    private static String step(Frame frame) {
        return frame.port() + ":" + frame.protocol();
    }
}
