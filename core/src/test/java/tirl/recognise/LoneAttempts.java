package tirl.recognise;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tirl.door.Door;
import tirl.door.Step;
import tirl.packet.Address;

/**
 * Doors that know nothing of each other, without a bound: every touch that is a door's first step begins an attempt of its own,
 * which lives until a touch is neither its next step nor, where that is tolerated, its last one again.
 */
final class LoneAttempts {
    private record Key(Door door, Address source) {}

    private record Attempt(int steps, long startNs) {}

    private final List<Door> doors;
    private final Set<Integer> listed;
    private final Map<Key, List<Attempt>> attempts = new HashMap<>();

    LoneAttempts(List<Door> doors) {
        this.doors = doors;
        listed = doors.stream().flatMap(door -> ports(door).stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Names of the doors that this touch opens. */
    List<String> on(Address source, int port, long nowNs) {
        return doors.stream()
                .filter(door -> door.strict() || listed.contains(port))
                .filter(door -> opens(door, source, port, nowNs))
                .map(Door::name)
                .toList();
    }

    private boolean opens(Door door, Address source, int port, long nowNs) {
        Key key = new Key(door, source);
        List<Attempt> mine = attempts.computeIfAbsent(key, _ -> new ArrayList<>());
        mine.add(new Attempt(0, nowNs));
        boolean opened = false;
        List<Attempt> next = new ArrayList<>();
        List<Integer> ports = ports(door);
        for (Attempt attempt : mine) {
            if (nowNs - attempt.startNs() > door.within().toNanos()) {
                continue;
            }
            if (ports.get(attempt.steps()) == port) {
                if (attempt.steps() + 1 == ports.size()) {
                    opened = true;
                } else {
                    next.add(new Attempt(attempt.steps() + 1, attempt.startNs()));
                }
            } else if (door.tolerateRepeat() && attempt.steps() > 0 && ports.get(attempt.steps() - 1) == port) {
                next.add(attempt);
            }
        }
        attempts.put(key, next);
        return opened;
    }

    private static List<Integer> ports(Door door) {
        return door.sequence().stream().map(step -> ((Step.Tcp) step).port()).toList();
    }
}
