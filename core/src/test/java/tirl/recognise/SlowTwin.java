package tirl.recognise;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tirl.door.Door;
import tirl.door.Step;
import tirl.packet.Address;

/**
 * What a strict door without tolerance for repeats means, said in the slowest and plainest way: it opens when the last
 * touches of a source are its sequence and the first of these is not too long ago.
 */
final class SlowTwin {
    private record Touch(int port, long atNs) {}

    private final List<Door> doors;
    private final Map<Address, List<Touch>> touches = new HashMap<>();

    SlowTwin(List<Door> doors) {
        this.doors = doors;
    }

    List<String> on(Address source, int port, long nowNs) {
        List<Touch> all = touches.computeIfAbsent(source, _ -> new ArrayList<>());
        all.add(new Touch(port, nowNs));
        return doors.stream()
                .filter(door -> isMatch(door, all, nowNs))
                .map(Door::name)
                .toList();
    }

    private static boolean isMatch(Door door, List<Touch> all, long nowNs) {
        int length = door.sequence().size();
        if (all.size() < length) {
            return false;
        }
        List<Touch> last = all.subList(all.size() - length, all.size());
        for (int i = 0; i < length; i++) {
            if (!(door.sequence().get(i) instanceof Step.Tcp tcp)
                    || tcp.port() != last.get(i).port()) {
                return false;
            }
        }
        return nowNs - last.getFirst().atNs() <= door.within().toNanos();
    }
}
