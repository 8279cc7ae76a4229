package tirl.knockd;

import java.util.ArrayList;
import java.util.List;
import tirl.packet.Address;
import tirl.packet.Packet;
import tirl.packet.Transport;

/**
 * knockd's matching in the slowest and plainest way: one list of attempts, gone through for every packet. With the
 * list-head bug it says what knockd 0.8 logs; without it, what it should log.
 */
final class SlowKnockd {
    private static final class Attempt {
        final Address source;
        final KnockdDoor door;
        final long start;
        int stage;
        boolean over;

        Attempt(Address source, KnockdDoor door, long start) {
            this.source = source;
            this.door = door;
            this.start = start;
        }
    }

    private final List<KnockdDoor> doors;
    private final boolean listHeadBug;
    private List<Attempt> attempts = new ArrayList<>();
    private List<String> log = new ArrayList<>();

    SlowKnockd(List<KnockdDoor> doors, boolean listHeadBug) {
        this.doors = doors;
        this.listHeadBug = listHeadBug;
    }

    /** What this packet makes knockd log, and failures, which it does not log. */
    List<String> on(Packet packet, boolean local, long seconds) {
        log = new ArrayList<>();
        if (doors.stream()
                .noneMatch(door -> isListed(door, packet) && fits(door, packet) && takes(door, packet, local))) {
            return log;
        }
        dropOld(seconds);
        List<Attempt> concerned = attempts.stream()
                .filter(attempt -> attempt.source.equals(packet.source()) && takes(attempt.door, packet, local))
                .toList();
        for (Attempt attempt : concerned) {
            if (fits(attempt.door, packet)) {
                knock(attempt, packet);
            }
        }
        if (concerned.isEmpty()) {
            for (KnockdDoor door : doors) {
                if (takes(door, packet, local) && fits(door, packet) && isStep(door, 0, packet)) {
                    Attempt attempt = new Attempt(packet.source(), door, seconds);
                    attempts.add(attempt);
                    knock(attempt, packet);
                }
            }
        }
        return log;
    }

    private void dropOld(long seconds) {
        boolean headEnds = false;
        List<Attempt> left = new ArrayList<>();
        for (Attempt attempt : attempts) {
            boolean tooOld = !attempt.over && seconds - attempt.start >= attempt.door.seqTimeoutSeconds();
            if (tooOld) {
                log.add(KnockdMessages.sequenceTimeout(attempt.source.toString(), attempt.door.name(), attempt.stage)
                        .strip());
            }
            if (!tooOld && !attempt.over) {
                left.add(attempt);
            } else if (attempt == attempts.getFirst()) {
                headEnds = true;
            }
        }
        attempts = listHeadBug && headEnds ? new ArrayList<>() : left;
    }

    private void knock(Attempt attempt, Packet packet) {
        String source = attempt.source.toString();
        if (!isStep(attempt.door, attempt.stage, packet)) {
            attempt.over = true;
            log.add("failed " + source + ": " + attempt.door.name() + " " + attempt.stage);
            return;
        }
        attempt.stage++;
        log.add(KnockdMessages.stage(source, attempt.door.name(), attempt.stage));
        if (attempt.stage == attempt.door.sequence().size()) {
            attempt.over = true;
            log.add(KnockdMessages.openSesame(source, attempt.door.name()));
        }
    }

    private static boolean isStep(KnockdDoor door, int stage, Packet packet) {
        return stage < door.sequence().size()
                && door.sequence().get(stage).equals(new KnockdStep(packet.transport(), packet.destinationPort()));
    }

    private static boolean isListed(KnockdDoor door, Packet packet) {
        return packet.transport() != Transport.ICMP
                && door.sequence().contains(new KnockdStep(packet.transport(), packet.destinationPort()));
    }

    private static boolean fits(KnockdDoor door, Packet packet) {
        return packet.transport() != Transport.TCP || door.flags().fits(packet.tcpFlags());
    }

    private static boolean takes(KnockdDoor door, Packet packet, boolean local) {
        return door.target().map(packet.destination()::equals).orElse(local);
    }
}
