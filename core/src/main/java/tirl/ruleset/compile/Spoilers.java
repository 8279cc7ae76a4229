package tirl.ruleset.compile;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tirl.config.Config;
import tirl.config.Config.PortRange;
import tirl.door.Door;
import tirl.door.FlagCondition;
import tirl.door.ServicePort;
import tirl.door.Step;
import tirl.packet.Transport;

/**
 * Packets of one transport that spoil an attempt at a door, after the door's own steps have been taken out.
 *
 * @param conditions what the packet must look like, one of them; only TCP has other than {@link FlagCondition#ANY}
 * @param range ports that spoil, when the door is strict, except those in {@code except}
 * @param ports further ports that spoil
 */
record Spoilers(
        Transport transport,
        List<FlagCondition> conditions,
        Optional<PortRange> range,
        List<Integer> except,
        List<Integer> ports) {

    /** For TCP or UDP, when the door uses it. A connection's first packet counts, whatever flags the door waits for. */
    static Optional<Spoilers> of(Transport transport, Door door, Config config, Set<Step> listed) {
        if (ports(transport, door.sequence().stream()).isEmpty()) {
            return Optional.empty();
        }
        boolean otherFlags = transport == Transport.TCP && !door.flags().equals(FlagCondition.CONNECT);
        List<Step> own = otherFlags ? List.of() : door.sequence();
        List<Integer> ports = ports(transport, listed.stream().filter(step -> !own.contains(step)));
        Optional<PortRange> range = Optional.empty();
        List<Integer> except = List.of();
        if (door.strict()) {
            PortRange guarded = config.guardedRange();
            List<Integer> free = free(transport, config);
            range = Optional.of(guarded);
            except = free.stream().filter(port -> isIn(port, guarded)).toList();
            ports = ports.stream()
                    .filter(port -> free.contains(port) || !isIn(port, guarded))
                    .toList();
        }
        return Optional.of(new Spoilers(transport, conditions(transport, door), range, except, ports));
    }

    /** Echo packets that spoil, when the door uses echoes. */
    static List<Step.Echo> echoes(Door door, Set<Step> listed) {
        if (door.sequence().stream().noneMatch(Step.Echo.class::isInstance)) {
            return List.of();
        }
        Stream<Step.Echo> all =
                Stream.of(new Step.Echo(false, OptionalInt.empty()), new Step.Echo(true, OptionalInt.empty()));
        Stream<Step.Echo> others = listed.stream()
                .filter(step -> !door.sequence().contains(step))
                .filter(Step.Echo.class::isInstance)
                .map(Step.Echo.class::cast);
        return (door.strict() ? all : others).toList();
    }

    private static List<FlagCondition> conditions(Transport transport, Door door) {
        if (transport == Transport.UDP || door.flags().equals(FlagCondition.ANY)) {
            return List.of(FlagCondition.ANY);
        }
        return Stream.of(FlagCondition.CONNECT, door.flags()).distinct().toList();
    }

    /** Open to everyone, or guarded: to try the service itself spoils nothing. */
    private static List<Integer> free(Transport transport, Config config) {
        return Stream.concat(
                        config.publicPorts().stream(),
                        config.services().stream().flatMap(service -> service.ports().stream()))
                .filter(port -> port.transport() == transport)
                .map(ServicePort::port)
                .distinct()
                .sorted()
                .toList();
    }

    private static boolean isIn(int port, PortRange range) {
        return port >= range.first() && port <= range.last();
    }

    private static List<Integer> ports(Transport transport, Stream<Step> steps) {
        return steps.mapMulti((Step step, Consumer<Integer> sink) -> {
                    switch (step) {
                        case Step.Tcp tcp when transport == Transport.TCP -> sink.accept(tcp.port());
                        case Step.Udp udp when transport == Transport.UDP -> sink.accept(udp.port());
                        case Step _ -> {}
                    }
                })
                .distinct()
                .sorted()
                .toList();
    }
}
