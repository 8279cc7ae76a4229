package tirl.recognise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tirl.door.Door;
import tirl.door.Step;

/**
 * The sequences of all doors as prefix trees, one per {@link TouchRule}. A node stands for the knocks from the root to
 * it; doors that begin alike share nodes, so following a packet costs one look-up whatever the number of doors.
 */
final class SequenceTree {
    /**
     * @param rule index of the rule whose tree this is
     * @param symbol the knock that leads here; {@link Symbol#NONE} at a root
     * @param depth knocks so far
     * @param parent the node before; none at a root, which has depth 0
     * @param longestNs longest time that any door at or below this node allows
     * @param opens doors whose sequence ends here
     * @param ways different knocks with which sequences go on from here
     * @param wrongKnock told for that reason, as the next two are
     */
    record Node(
            int rule,
            int symbol,
            int depth,
            int parent,
            long longestNs,
            List<Door> opens,
            int ways,
            Recognition.Advanced advanced,
            Recognition.Rejected wrongKnock,
            Recognition.Rejected tooSlow,
            Recognition.Rejected crowdedOut) {
        boolean leaf() {
            return ways == 0;
        }

        Recognition.Rejected rejected(RejectReason reason) {
            return switch (reason) {
                case WRONG_KNOCK -> wrongKnock;
                case TOO_SLOW -> tooSlow;
                case CROWDED_OUT -> crowdedOut;
            };
        }
    }

    private final List<TouchRule> rules;
    private final Node[] nodes;
    private final EdgeTable edges;
    private final BitSet listed = new BitSet(Symbol.COUNT);

    SequenceTree(List<Door> doors) {
        Map<TouchRule, List<Door>> byRule = new LinkedHashMap<>();
        doors.forEach(door -> byRule.computeIfAbsent(TouchRule.of(door), _ -> new ArrayList<>())
                .add(door));
        // Not List.copyOf: its class depends on how many there are, and compiled code on the class that it has met.
        rules = Collections.unmodifiableList(new ArrayList<>(byRule.keySet()));
        List<Draft> drafts = new ArrayList<>();
        for (int rule = 0; rule < rules.size(); rule++) {
            drafts.add(new Draft(rule, Symbol.NONE, 0, EdgeTable.NONE));
        }
        byRule.forEach((rule, itsDoors) -> itsDoors.forEach(door -> grow(drafts, rules.indexOf(rule), door)));
        edges = new EdgeTable(drafts.size());
        nodes = new Node[drafts.size()];
        for (int i = 0; i < nodes.length; i++) {
            int parent = i;
            drafts.get(i).children.forEach((symbol, child) -> edges.put(parent, symbol, child));
            nodes[i] = drafts.get(i).finish();
        }
    }

    private void grow(List<Draft> drafts, int root, Door door) {
        int at = root;
        for (Step step : door.sequence()) {
            int symbol = Symbol.of(step);
            listed.set(symbol);
            Draft parent = drafts.get(at);
            Integer child = parent.children.get(symbol);
            if (child == null) {
                child = drafts.size();
                drafts.add(new Draft(parent.rule, symbol, parent.depth + 1, at));
                parent.children.put(symbol, child);
            }
            at = child;
            drafts.get(at).through(door);
        }
        drafts.get(at).opens.add(door);
    }

    List<TouchRule> rules() {
        return rules;
    }

    /** The root of a rule's tree has the rule's index. */
    Node node(int index) {
        return nodes[index];
    }

    int child(int node, int symbol) {
        return symbol == Symbol.NONE ? EdgeTable.NONE : edges.get(node, symbol);
    }

    /** Symbols that some door has as a step. */
    BitSet listed() {
        return listed;
    }

    /** The most prefixes that one source can be in at once. */
    int mostAtOnce() {
        return new Overlap(rules, nodes).most();
    }

    private static final class Draft {
        final int rule;
        final int symbol;
        final int depth;
        final int parent;
        final Map<Integer, Integer> children = new HashMap<>();
        final List<Door> opens = new ArrayList<>();
        final List<String> names = new ArrayList<>();
        Duration longest = Duration.ZERO;

        Draft(int rule, int symbol, int depth, int parent) {
            this.rule = rule;
            this.symbol = symbol;
            this.depth = depth;
            this.parent = parent;
        }

        void through(Door door) {
            names.add(door.name());
            longest = door.within().compareTo(longest) > 0 ? door.within() : longest;
        }

        Node finish() {
            List<String> doors = List.copyOf(names);
            return new Node(
                    rule,
                    symbol,
                    depth,
                    parent,
                    longest.toNanos(),
                    List.copyOf(opens),
                    children.size(),
                    new Recognition.Advanced(doors, depth),
                    new Recognition.Rejected(doors, depth, RejectReason.WRONG_KNOCK),
                    new Recognition.Rejected(doors, depth, RejectReason.TOO_SLOW),
                    new Recognition.Rejected(doors, depth, RejectReason.CROWDED_OUT));
        }
    }
}
