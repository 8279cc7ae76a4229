package tirl.ruleset.compile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import tirl.config.Config;
import tirl.door.Door;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.door.Step;
import tirl.packet.Transport;

/** Turns the sequence doors of a configuration into rules that the kernel keeps alone. Pure text: nothing is loaded. */
public final class SequenceCompiler {
    /** The name of the nftables table and of the iptables chains; the daemon's table has another. */
    public static final String NAME = "tirl_compiled";
    /** How every compiled file begins, so that it can be told from a file of somebody else. */
    public static final String FIRST_WORDS = "# Made by `tirl compile";

    /** Whose rules. */
    public enum Target {
        NFT,
        IPTABLES
    }

    private SequenceCompiler() {}

    /**
     * A file for {@code nft -f}, or for {@code iptables-restore} and {@code ip6tables-restore}.
     *
     * @param names of the doors to compile; none for all. With names only the services of these doors are guarded
     * @param closes knocks that end the lease of a door with one step
     */
    public static String compile(Target target, Config config, Collection<String> names, Collection<ServicePort> closes)
            throws CompileException {
        List<Door> doors = chosen(config, names);
        for (Door door : doors) {
            check(door, closes);
        }
        if (!closes.isEmpty()
                && doors.stream().noneMatch(door -> door.sequence().size() == 1)) {
            throw new CompileException("--close is for doors with one step, and there is none among "
                    + doors.stream().map(Door::name).toList() + "; leave --close out, or name another --door");
        }
        Config alone = config.withDoors(doors);
        Set<Step> listed = new LinkedHashSet<>();
        doors.forEach(door -> listed.addAll(door.sequence()));
        List<Step> closing =
                closes.stream().distinct().map(SequenceCompiler::step).toList();
        listed.addAll(closing);
        List<DoorPlan> plans = new ArrayList<>();
        for (Door door : doors) {
            List<Step> its = door.sequence().size() == 1 ? closing : List.of();
            plans.add(DoorPlan.of(plans.size() + 1, door, its, alone, listed));
        }
        SortedSet<ServicePort> guarded = new TreeSet<>();
        Collection<Service> services = names.isEmpty()
                ? config.services()
                : doors.stream().flatMap(door -> door.opens().stream()).toList();
        services.forEach(service -> guarded.addAll(service.ports()));
        return switch (target) {
            case NFT -> new NftCompiler(alone, plans, guarded).text();
            case IPTABLES -> new IptablesCompiler(alone, plans, guarded).text();
        };
    }

    private static List<Door> chosen(Config config, Collection<String> names) throws CompileException {
        for (String name : names) {
            if (config.doors().stream().noneMatch(door -> door.name().equals(name))) {
                throw new CompileException("there is no door \"" + name + "\"; there are "
                        + config.doors().stream().map(Door::name).toList());
            }
        }
        List<Door> doors = config.doors().stream()
                .filter(door -> names.isEmpty() || names.contains(door.name()))
                .toList();
        if (doors.isEmpty()) {
            throw new CompileException("there is no door to compile; write a [[door]] with a sequence");
        }
        return doors;
    }

    /** What no kernel can do alone. */
    private static void check(Door door, Collection<ServicePort> closes) throws CompileException {
        String which = "door \"" + door.name() + "\" ";
        String instead = "; leave it to the daemon, and compile the others with --door";
        if (door.oneTimeFile().isPresent()) {
            throw new CompileException(
                    which + "uses up a file of one-time sequences, and rules cannot read or write a file" + instead);
        }
        if (!door.hooks().isNone()) {
            throw new CompileException(which + "runs commands (start, stop), and rules cannot" + instead);
        }
        if (door.opens().isEmpty()) {
            throw new CompileException(which + "opens no service; name one in opens");
        }
        for (ServicePort close : closes) {
            if (door.sequence().contains(step(close))) {
                throw new CompileException(which + "has " + close + " as a step, so it cannot close as well; "
                        + "choose another port for --close");
            }
        }
    }

    private static Step step(ServicePort port) {
        return port.transport() == Transport.TCP ? new Step.Tcp(port.port()) : new Step.Udp(port.port());
    }
}
