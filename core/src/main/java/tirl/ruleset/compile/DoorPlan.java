package tirl.ruleset.compile;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import tirl.config.Config;
import tirl.door.Door;
import tirl.door.ServicePort;
import tirl.door.Step;
import tirl.packet.Transport;

/**
 * One door, taken apart into what rules can say.
 *
 * @param number from 1; part of the names of its chains
 * @param closes knocks that end the source's lease
 * @param reactions one for every kind of knock of the sequence, more exact ones first
 * @param spoilers ports that spoil an attempt
 * @param spoilingEchoes echo packets that do
 */
record DoorPlan(
        int number,
        Door door,
        List<Step> closes,
        List<Reaction> reactions,
        List<Spoilers> spoilers,
        List<Step.Echo> spoilingEchoes) {

    static DoorPlan of(int number, Door door, List<Step> closes, Config config, Set<Step> listed) {
        List<Reaction> reactions = door.sequence().stream()
                .distinct()
                .sorted(Comparator.comparing(
                        step -> step instanceof Step.Echo echo && echo.payload().isEmpty()))
                .map(knock -> Reaction.of(door, knock))
                .toList();
        // With one step there is nothing half-done that could be spoilt.
        boolean spoilable = door.sequence().size() > 1;
        List<Spoilers> spoilers = !spoilable
                ? List.of()
                : Stream.of(Transport.TCP, Transport.UDP)
                        .flatMap(transport -> Spoilers.of(transport, door, config, listed).stream())
                        .toList();
        return new DoorPlan(
                number, door, closes, reactions, spoilers, spoilable ? Spoilers.echoes(door, listed) : List.of());
    }

    /** Stages are 1 to this; none with one step. */
    int lastStage() {
        return door.sequence().size() - 1;
    }

    SortedSet<ServicePort> ports() {
        SortedSet<ServicePort> ports = new TreeSet<>();
        door.opens().forEach(service -> ports.addAll(service.ports()));
        return ports;
    }

    /** Whether some knock both carries an attempt on and begins one: it has to look first which of them counts. */
    boolean beginsAnew() {
        return reactions.stream().anyMatch(reaction -> reaction.begins() && reaction.advances());
    }

    /** Whether an attempt may begin while another stays under way. */
    boolean overlaps() {
        return reactions.stream()
                .anyMatch(reaction -> reaction.begins() && !reaction.older().isEmpty());
    }
}
