package tirl.knockd;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A common beginning of the sequences of one group's doors. */
final class Node {
    final DoorGroup group;
    /** Where {@link KnockdRecogniser} finds it again. */
    final int index;
    /** Knocks made to get here; 0 at the root. */
    final int stage;
    /** Doors that end here or go on, in the order of the configuration; empty at the root. */
    final List<Member> members;
    /** Those that go on. */
    final List<Member> goingOn;

    private final int[] symbols;
    private final Node[] children;

    /**
     * @param symbols ascending; of the children, in their order
     */
    Node(DoorGroup group, int index, int stage, List<Member> members, int[] symbols, Node[] children) {
        this.group = group;
        this.index = index;
        this.stage = stage;
        this.members = members;
        this.goingOn = members.stream().filter(member -> !member.complete()).toList();
        this.symbols = symbols;
        this.children = children;
    }

    List<Node> children() {
        return List.of(children);
    }

    @Nullable
    Node child(int symbol) {
        int at = Arrays.binarySearch(symbols, symbol);
        return at < 0 ? null : children[at];
    }
}
