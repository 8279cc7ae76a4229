package tirl.recognise;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many prefixes the knocks of one source can make up at once. Prefixes that are alive together all end with the latest
 * touches, so each is the end of the longest of them. Where a knock may come again, this holds for the prefixes with their
 * repeats taken out: after 1, 2, 2 a source is in 1-2, in 2-2 and in 2.
 *
 * <p>So prefixes are put into a tree by their knocks from the last to the first, and the answer is the way from the root that
 * meets most of them.
 */
final class Overlap {
    private final List<TouchRule> rules;
    private final SequenceTree.Node[] nodes;
    private final BitSet[] symbols;

    /** From a place in the tree and a symbol, as in {@link #edge}, to the next place. A rule's root has its index. */
    private final Map<Long, Integer> edges = new HashMap<>();
    /** Prefixes that begin at each place. */
    private final List<Integer> prefixes = new ArrayList<>();

    Overlap(List<TouchRule> rules, SequenceTree.Node[] nodes) {
        this.rules = rules;
        this.nodes = nodes;
        symbols = new BitSet[rules.size()];
        for (int rule = 0; rule < symbols.length; rule++) {
            symbols[rule] = new BitSet();
            prefixes.add(0);
        }
        for (SequenceTree.Node node : nodes) {
            symbols[node.rule()].set(node.symbol());
        }
    }

    /** Never too few. Too many where some steps are echoes of one size and others of any. */
    int most() {
        List<List<Integer>> ways = new ArrayList<>();
        for (SequenceTree.Node node : nodes) {
            if (node.depth() > 0 && !node.leaf()) {
                List<Integer> way = way(node);
                prefixes.set(way.getLast(), prefixes.get(way.getLast()) + 1);
                ways.add(way);
            }
        }
        int[] most = new int[rules.size()];
        for (List<Integer> way : ways) {
            int met = way.stream().mapToInt(prefixes::get).sum();
            most[way.getFirst()] = Math.max(most[way.getFirst()], met);
        }
        int sum = 0;
        for (int each : most) {
            sum += each;
        }
        return sum;
    }

    private List<Integer> way(SequenceTree.Node last) {
        int place = last.rule();
        List<Integer> way = new ArrayList<>(List.of(place));
        boolean repeats = rules.get(last.rule()).tolerateRepeat();
        int previous = Symbol.NONE;
        for (SequenceTree.Node node = last; node.depth() > 0; node = nodes[node.parent()]) {
            int symbol = generalised(node);
            if (!repeats || symbol != previous) {
                place = edges.computeIfAbsent(edge(place, symbol), _ -> newPlace());
                way.add(place);
            }
            previous = symbol;
        }
        return way;
    }

    private int newPlace() {
        prefixes.add(0);
        return prefixes.size() - 1;
    }

    private static long edge(int place, int symbol) {
        return (long) place << 20 | symbol;
    }

    /** A packet can be both a step of its size and a step of any size, if there are any of those. */
    private int generalised(SequenceTree.Node node) {
        int anySize = Symbol.withoutSize(node.symbol());
        return symbols[node.rule()].get(anySize) ? anySize : node.symbol();
    }
}
