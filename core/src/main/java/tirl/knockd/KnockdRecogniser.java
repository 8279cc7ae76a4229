package tirl.knockd;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tirl.door.FlagCondition;
import tirl.packet.Address;
import tirl.packet.Packet;
import tirl.packet.Transport;
import tirl.recognise.AttemptTable;

/**
 * Matches knocks as knockd 0.8 does, for each source by itself. A packet that no door lists is not seen at all. One
 * that is seen first ends what took too long, then goes to every live attempt of its source whose door takes its
 * destination: the expected knock moves the attempt on, another ends it, a TCP packet with other flags than the door
 * wants leaves it. Only when there was no such attempt does the packet begin one, in every door whose first knock it is.
 *
 * <p>Not for several threads. The sink may call {@link #replaceSequence}, but not {@link #on} or {@link #expire}.
 */
public final class KnockdRecogniser {
    /** Sources that one call to {@link #expire} looks at. */
    private static final int EXPIRE_BATCH = 65_536;
    /** Bounds memory when many doors differ in Target, flags or timeout: each such kind takes 12 octets a source. */
    private static final int MAX_SLOTS = 4_000_000;

    private final List<KnockdDoor> doors;
    private final NodeTable nodes = new NodeTable();
    private final List<DoorGroup> groups;
    private final Set<Address> targets;
    private final AttemptTable attempts;
    private final Outbox outbox = new Outbox();
    private int expireAt;

    // The attempts of the packet's source, oldest first, as they are to be written back.
    private final int[] kept;
    private final long[] starts;
    private int keptCount;
    private int deepest;

    /**
     * @param capacity most sources that are remembered
     * @param hashKey a secret random number
     */
    public KnockdRecogniser(List<KnockdDoor> doors, int capacity, long hashKey) {
        this.doors = new ArrayList<>(doors);
        Map<DoorGroup.Kind, List<Integer>> kinds = new LinkedHashMap<>();
        for (int i = 0; i < doors.size(); i++) {
            kinds.computeIfAbsent(DoorGroup.Kind.of(doors.get(i), i), _ -> new ArrayList<>())
                    .add(i);
        }
        groups = kinds.values().stream()
                .map(indexes -> new DoorGroup(this.doors, indexes, nodes))
                .toList();
        targets = doors.stream()
                .map(KnockdDoor::target)
                .flatMap(Optional::stream)
                .filter(target -> !target.equals(KnockdDoor.NEVER))
                .collect(Collectors.toUnmodifiableSet());
        int slots = Math.max(1, groups.size());
        attempts = new AttemptTable(Math.clamp(MAX_SLOTS / slots, 1, capacity), slots, hashKey);
        kept = new int[slots];
        starts = new long[slots];
    }

    /** The doors with the sequences that are active now. */
    public List<KnockdDoor> doors() {
        return List.copyOf(doors);
    }

    /** Sources with at least one attempt. */
    public int halfDone() {
        return attempts.size();
    }

    /** Whether some door watches this destination, local or not. */
    public boolean hasTarget(long high, long low) {
        return !targets.isEmpty() && targets.contains(new Address(high, low));
    }

    /** A packet to an address of this host. */
    public void on(Packet packet, long packetTimeSeconds, KnockdSink sink) {
        on(packet, true, packetTimeSeconds, sink);
    }

    /**
     * A packet.
     *
     * @param destinationIsLocal whether it goes to an address of this host; if not, only doors with a Target see it
     * @param packetTimeSeconds whole seconds of the time of capture
     */
    public void on(Packet packet, boolean destinationIsLocal, long packetTimeSeconds, KnockdSink sink) {
        if (packet.transport() == Transport.ICMP) {
            return;
        }
        int symbol = KnockdStep.symbol(packet.transport(), packet.destinationPort());
        if (!isSeen(packet, symbol, destinationIsLocal)) {
            return;
        }
        keptCount = 0;
        deepest = 0;
        int entry = attempts.find(packet.sourceHigh(), packet.sourceLow());
        boolean followed = false;
        if (entry != AttemptTable.NONE) {
            dropOld(entry, packetTimeSeconds);
            followed = follow(packet, symbol, destinationIsLocal);
        }
        if (!followed) {
            begin(packet, symbol, destinationIsLocal, packetTimeSeconds);
        }
        remember(entry, packet);
        outbox.drain(sink);
    }

    /**
     * What knockd lacks: ends every attempt of the source when the packet begins a connection to a port that no door
     * lists, or is a datagram to one, so that a scan in order opens nothing. To be called before {@link #on}.
     */
    public void spoil(Packet packet, KnockdSink sink) {
        boolean touches = packet.transport() == Transport.UDP
                || (packet.transport() == Transport.TCP && FlagCondition.CONNECT.fits(packet.tcpFlags()));
        int entry = attempts.find(packet.sourceHigh(), packet.sourceLow());
        if (!touches || entry == AttemptTable.NONE || isListed(packet)) {
            return;
        }
        for (int slot = 0; slot < attempts.slots() && attempts.node(entry, slot) != AttemptTable.NONE; slot++) {
            for (Member member : nodes.get(attempts.node(entry, slot)).goingOn) {
                outbox.add(attempts.sourceHigh(entry), attempts.sourceLow(entry), Place.LAST, member.failed());
            }
        }
        attempts.remove(entry);
        outbox.drain(sink);
    }

    private boolean isListed(Packet packet) {
        KnockdStep step = new KnockdStep(packet.transport(), packet.destinationPort());
        return doors.stream().anyMatch(door -> door.sequence().contains(step));
    }

    private boolean isSeen(Packet packet, int symbol, boolean destinationIsLocal) {
        for (DoorGroup group : groups) {
            if (group.sees(packet, symbol, destinationIsLocal)) {
                return true;
            }
        }
        return false;
    }

    /** Loads the attempts of the entry that are still in time. */
    private void dropOld(int entry, long nowSeconds) {
        for (int slot = 0; slot < attempts.slots() && attempts.node(entry, slot) != AttemptTable.NONE; slot++) {
            Node node = nodes.get(attempts.node(entry, slot));
            long start = attempts.start(entry, slot);
            if (node.group.isTooOld(Start.seconds(start), nowSeconds)) {
                for (Member member : node.goingOn) {
                    tell(entry, Start.round(start), member, member.timeout());
                }
            } else {
                keep(node, start);
            }
        }
    }

    /** Gives the packet to the loaded attempts that it concerns; false when there are none. */
    private boolean follow(Packet packet, int symbol, boolean destinationIsLocal) {
        boolean followed = false;
        int before = keptCount;
        keptCount = 0;
        deepest = 0;
        for (int i = 0; i < before; i++) {
            Node node = nodes.get(kept[i]);
            long start = starts[i];
            if (!node.group.accepts(packet, destinationIsLocal)) {
                keep(node, start);
                continue;
            }
            followed = true;
            if (!node.group.fits(packet)) {
                keep(node, start);
                continue;
            }
            Node child = node.child(symbol);
            tellMoves(packet, node, child, Start.round(start));
            if (child != null && !child.goingOn.isEmpty()) {
                keep(child, start);
            }
        }
        return followed;
    }

    /** The doors of {@code node} that have a place in {@code child} move there, the others fail. */
    private void tellMoves(Packet packet, Node node, @Nullable Node child, int round) {
        int moved = 0;
        for (Member member : node.goingOn) {
            if (child != null
                    && moved < child.members.size()
                    && child.members.get(moved).index() == member.index()) {
                tellMove(packet, child.members.get(moved), round);
                moved++;
            } else {
                tell(packet, round, member, member.failed());
            }
        }
    }

    private void begin(Packet packet, int symbol, boolean destinationIsLocal, long nowSeconds) {
        // Attempts that wait for another destination are older, so this is a later round.
        int round = keptCount == 0 ? 0 : Start.round(starts[keptCount - 1]) + 1;
        for (DoorGroup group : groups) {
            if (!group.accepts(packet, destinationIsLocal) || !group.fits(packet)) {
                continue;
            }
            Node first = group.root().child(symbol);
            if (first == null) {
                continue;
            }
            for (Member member : first.members) {
                tellMove(packet, member, round);
            }
            if (!first.goingOn.isEmpty()) {
                keep(first, Start.of(nowSeconds, round));
            }
        }
    }

    private void tellMove(Packet packet, Member member, int round) {
        tell(packet, round, member, member.stage());
        if (member.complete()) {
            tell(packet, round, member, member.open());
        }
    }

    private void tell(Packet packet, int round, Member member, KnockdOutcome outcome) {
        outbox.add(packet.sourceHigh(), packet.sourceLow(), Place.ofMove(round, member.index()), outcome);
    }

    private void tell(int entry, int round, Member member, KnockdOutcome outcome) {
        long place = Place.ofTimeout(round, member.index());
        outbox.add(attempts.sourceHigh(entry), attempts.sourceLow(entry), place, outcome);
    }

    private void keep(Node node, long start) {
        kept[keptCount] = node.index;
        starts[keptCount] = start;
        keptCount++;
        deepest = Math.max(deepest, node.stage);
    }

    /** Writes the kept attempts into the source's entry, made, moved or removed as needed. */
    private void remember(int found, Packet packet) {
        if (keptCount == 0) {
            if (found != AttemptTable.NONE) {
                attempts.remove(found);
            }
            return;
        }
        int queue = deepest > 1 ? AttemptTable.FURTHER : AttemptTable.FIRST;
        int entry = found;
        if (entry == AttemptTable.NONE) {
            evict(attempts.victim(queue));
            entry = attempts.add(packet.sourceHigh(), packet.sourceLow(), queue);
        } else {
            if (queue == AttemptTable.FURTHER && attempts.queue(entry) == AttemptTable.FIRST) {
                evict(attempts.victim(queue));
            }
            attempts.move(entry, queue);
        }
        write(entry);
    }

    private void write(int entry) {
        int round = -1;
        for (int slot = 0; slot < attempts.slots(); slot++) {
            if (slot >= keptCount) {
                attempts.set(entry, slot, AttemptTable.NONE, 0);
                continue;
            }
            // Rounds are numbered anew, so that they stay below the number of slots.
            boolean same = slot > 0 && Start.round(starts[slot]) == Start.round(starts[slot - 1]);
            round = same ? round : round + 1;
            attempts.set(entry, slot, kept[slot], Start.of(Start.seconds(starts[slot]), round));
        }
    }

    private void evict(int victim) {
        if (victim == AttemptTable.NONE) {
            return;
        }
        for (int slot = 0; slot < attempts.slots() && attempts.node(victim, slot) != AttemptTable.NONE; slot++) {
            for (Member member : nodes.get(attempts.node(victim, slot)).goingOn) {
                outbox.add(attempts.sourceHigh(victim), attempts.sourceLow(victim), Place.LAST, member.crowdedOut());
            }
        }
        attempts.remove(victim);
    }

    /**
     * Ends what took too long, so that it is told without waiting for a packet of its source; to be called about once a
     * second. What one call does is bounded; the next goes on where it stopped.
     */
    public void expire(long nowSeconds, KnockdSink sink) {
        int end = attempts.end();
        for (int i = Math.min(end, EXPIRE_BATCH); i > 0; i--) {
            expireAt = expireAt >= end ? 0 : expireAt;
            int entry = expireAt++;
            if (attempts.isLive(entry)) {
                keptCount = 0;
                dropOld(entry, nowSeconds);
                rewrite(entry);
                outbox.drain(sink);
            }
        }
    }

    /**
     * Gives a one-time door its next sequence; an empty one disables it. Attempts at this door are forgotten, so that
     * nobody gets in with the end of the new sequence after the beginning of the old one.
     */
    public void replaceSequence(int doorIndex, List<KnockdStep> next) {
        KnockdDoor door = doors.get(doorIndex);
        if (door.oneTimeFile().isEmpty()) {
            throw new IllegalArgumentException("door " + door.name() + " has one sequence only");
        }
        DoorGroup group = groups.stream()
                .filter(candidate -> candidate.isOf(doorIndex))
                .findFirst()
                .orElseThrow();
        for (int entry = 0; entry < attempts.end(); entry++) {
            if (attempts.isLive(entry)) {
                forget(entry, group);
            }
        }
        doors.set(doorIndex, door.withSequence(next));
        group.replace(doors, doorIndex, nodes);
    }

    private void forget(int entry, DoorGroup group) {
        keptCount = 0;
        for (int slot = 0; slot < attempts.slots() && attempts.node(entry, slot) != AttemptTable.NONE; slot++) {
            Node node = nodes.get(attempts.node(entry, slot));
            if (node.group != group) {
                keep(node, attempts.start(entry, slot));
            }
        }
        rewrite(entry);
    }

    private void rewrite(int entry) {
        if (keptCount == 0) {
            attempts.remove(entry);
        } else {
            write(entry);
        }
    }
}
