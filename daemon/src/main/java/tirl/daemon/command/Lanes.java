package tirl.daemon.command;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which command may start next: those of one key in the order they came and never two at once, those of different keys
 * as they come. Guarded by the lock of {@link Commands}.
 */
final class Lanes {
    record Waiting(String key, String text, CommandListener listener) {}

    /** For each key the commands that were not begun; a key whose lane is here and not in {@code ready} is running. */
    private final Map<String, Deque<Waiting>> lanes = new HashMap<>();

    private final Deque<String> ready = new ArrayDeque<>();
    private int waiting;

    void add(Waiting command) {
        Deque<Waiting> lane = lanes.get(command.key());
        if (lane == null) {
            lane = new ArrayDeque<>(2);
            lanes.put(command.key(), lane);
            ready.add(command.key());
        }
        lane.add(command);
        waiting++;
    }

    /** The next command that may run; its key is closed to others until {@link #release}. */
    Optional<Waiting> take() {
        String key = ready.poll();
        if (key == null) {
            return Optional.empty();
        }
        Waiting first = lane(key).remove();
        waiting--;
        return Optional.of(first);
    }

    void release(String key) {
        if (lane(key).isEmpty()) {
            lanes.remove(key);
        } else {
            ready.add(key);
        }
    }

    /** Takes out everything that was not begun. */
    List<Waiting> drain() {
        List<Waiting> all = new ArrayList<>();
        lanes.values().forEach(lane -> {
            all.addAll(lane);
            lane.clear();
        });
        ready.forEach(lanes::remove);
        ready.clear();
        waiting = 0;
        return all;
    }

    private Deque<Waiting> lane(String key) {
        return Objects.requireNonNull(lanes.get(key), "a key that is ready or runs has a lane");
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    int waiting() {
        return waiting;
    }
}
