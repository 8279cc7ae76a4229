package tirl.knockd;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tirl.door.FlagCondition;
import tirl.packet.Address;
import tirl.packet.Packet;
import tirl.packet.Transport;

/**
 * Doors for which the same packets count for the same time. Their attempts of one source begin and move together, so
 * they are followed as one place in a tree, however many doors there are. A one-time door is a group of its own.
 */
final class DoorGroup {
    private static final int SYMBOLS = 2 << 16;

    private final Optional<Address> target;
    private final FlagCondition flags;
    private final int seqTimeoutSeconds;
    private final BitSet listed = new BitSet(SYMBOLS);
    /** The only door of a one-time group, else the first. */
    private final int firstIndex;

    private Node root;

    /**
     * @param indexes of the group's doors in {@code doors}, ascending
     */
    DoorGroup(List<KnockdDoor> doors, List<Integer> indexes, NodeTable nodes) {
        KnockdDoor first = doors.get(indexes.getFirst());
        firstIndex = indexes.getFirst();
        target = first.target();
        flags = first.flags();
        seqTimeoutSeconds = first.seqTimeoutSeconds();
        root = build(doors, indexes, nodes);
    }

    /** Doors of equal kind make a group. */
    record Kind(Optional<Address> target, FlagCondition flags, int seqTimeoutSeconds, int oneTimeDoor) {
        static Kind of(KnockdDoor door, int index) {
            int oneTimeDoor = door.oneTimeFile().isPresent() ? index : -1;
            return new Kind(door.target(), door.flags(), door.seqTimeoutSeconds(), oneTimeDoor);
        }
    }

    /** Another sequence for a one-time door, whose group is its own. No attempt may stand in it. */
    void replace(List<KnockdDoor> doors, int index, NodeTable nodes) {
        nodes.release(root);
        listed.clear();
        root = build(doors, List.of(index), nodes);
    }

    private Node build(List<KnockdDoor> doors, List<Integer> indexes, NodeTable nodes) {
        for (int index : indexes) {
            doors.get(index).sequence().forEach(step -> listed.set(step.symbol()));
        }
        return node(doors, indexes, 0, nodes);
    }

    /** The node that all these doors reach with so many knocks. */
    private Node node(List<KnockdDoor> doors, List<Integer> indexes, int stage, NodeTable nodes) {
        List<Member> members = new ArrayList<>();
        SortedMap<Integer, List<Integer>> onwards = new TreeMap<>();
        for (int index : indexes) {
            KnockdDoor door = doors.get(index);
            if (stage > 0) {
                members.add(Member.of(index, door, stage));
            }
            if (stage < door.sequence().size()) {
                int symbol = door.sequence().get(stage).symbol();
                onwards.computeIfAbsent(symbol, _ -> new ArrayList<>()).add(index);
            }
        }
        int number = nodes.claim();
        int[] symbols = onwards.keySet().stream().mapToInt(Integer::intValue).toArray();
        Node[] children = onwards.values().stream()
                .map(next -> node(doors, next, stage + 1, nodes))
                .toArray(Node[]::new);
        Node node = new Node(this, number, stage, members, symbols, children);
        nodes.put(node);
        return node;
    }

    /** Whether this is the group of a one-time door. */
    boolean isOf(int oneTimeDoor) {
        return firstIndex == oneTimeDoor;
    }

    Node root() {
        return root;
    }

    /** Whether the capture filter of one of these doors lets the packet through. */
    boolean sees(Packet packet, int symbol, boolean destinationIsLocal) {
        return listed.get(symbol) && fits(packet) && accepts(packet, destinationIsLocal);
    }

    boolean fits(Packet packet) {
        return packet.transport() != Transport.TCP || flags.fits(packet.tcpFlags());
    }

    boolean accepts(Packet packet, boolean destinationIsLocal) {
        if (target.isEmpty()) {
            return destinationIsLocal;
        }
        Address wanted = target.get();
        // A forged packet can be addressed to what stands for "never".
        return !wanted.equals(KnockdDoor.NEVER)
                && wanted.high() == packet.destinationHigh()
                && wanted.low() == packet.destinationLow();
    }

    boolean isTooOld(long startSeconds, long nowSeconds) {
        return nowSeconds - startSeconds >= seqTimeoutSeconds;
    }
}
