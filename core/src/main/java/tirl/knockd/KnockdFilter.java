package tirl.knockd;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tirl.door.FlagCondition;
import tirl.packet.Transport;
import tirl.ruleset.CaptureFilter;

/**
 * What the kernel lets through for these doors: the ports that they list and, when every door wants some, the TCP
 * flags. Destinations are left to the recogniser, because addresses of the host come and go.
 */
public final class KnockdFilter {
    /** Keeps the program far below the kernel's 4096 instructions; knockd fails to start with about 400 doors. */
    private static final int MAX_RANGES = 48;

    private static final int MAX_CONDITIONS = 8;

    private KnockdFilter() {}

    /** The filter; it lets nothing through when no door has a sequence. */
    public static CaptureFilter of(List<KnockdDoor> doors) {
        Set<FlagCondition> conditions = new LinkedHashSet<>();
        for (KnockdDoor door : doors) {
            if (door.sequence().stream().anyMatch(step -> step.transport() == Transport.TCP)) {
                conditions.add(door.flags());
            }
        }
        Collection<FlagCondition> few = conditions.size() > MAX_CONDITIONS ? Set.of(FlagCondition.ANY) : conditions;
        return CaptureFilter.of(ports(doors, Transport.TCP), few, ports(doors, Transport.UDP), false);
    }

    /** As {@link #of}, and every packet that could spoil an attempt: {@link KnockdRecogniser#spoil}. */
    public static CaptureFilter withTouches(List<KnockdDoor> doors) {
        Set<FlagCondition> conditions = new LinkedHashSet<>();
        conditions.add(FlagCondition.CONNECT);
        doors.forEach(door -> conditions.add(door.flags()));
        Collection<FlagCondition> few = conditions.size() > MAX_CONDITIONS ? Set.of(FlagCondition.ANY) : conditions;
        String every = "dst portrange 0-65535";
        return CaptureFilter.of(every, few, every, false);
    }

    private static String ports(List<KnockdDoor> doors, Transport transport) {
        SortedSet<Integer> listed = doors.stream()
                .flatMap(door -> door.sequence().stream())
                .filter(step -> step.transport() == transport)
                .map(KnockdStep::port)
                .collect(Collectors.toCollection(TreeSet::new));
        if (listed.isEmpty()) {
            return "";
        }
        return ranges(listed).stream().map(Range::expression).collect(Collectors.joining(" or ", "(", ")"));
    }

    /** Ports as ranges; when these are too many, those with the smallest gaps between them grow together. */
    private static List<Range> ranges(SortedSet<Integer> ports) {
        List<Integer> gaps = new ArrayList<>();
        int previous = ports.getFirst();
        for (int port : ports) {
            gaps.add(port - previous);
            previous = port;
        }
        List<Integer> sorted = gaps.stream().sorted().toList();
        int bridged = Math.max(1, sorted.size() > MAX_RANGES ? sorted.get(sorted.size() - MAX_RANGES) : 1);
        List<Range> ranges = new ArrayList<>();
        int first = ports.getFirst();
        int last = first;
        for (int port : ports) {
            if (port - last > bridged) {
                ranges.add(new Range(first, last));
                first = port;
            }
            last = port;
        }
        ranges.add(new Range(first, last));
        return ranges;
    }

    private record Range(int first, int last) {
        String expression() {
            return first == last ? "dst port " + first : "dst portrange " + first + "-" + last;
        }
    }
}
