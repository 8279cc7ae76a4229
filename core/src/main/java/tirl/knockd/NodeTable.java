package tirl.knockd;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes of all trees by number, because attempts are held as numbers. Numbers of nodes that are gone are reused. */
final class NodeTable {
    private final List<@Nullable Node> nodes = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();

    int claim() {
        Integer reused = free.poll();
        if (reused != null) {
            return reused;
        }
        nodes.add(null);
        return nodes.size() - 1;
    }

    void put(Node node) {
        nodes.set(node.index, node);
    }

    Node get(int index) {
        Node node = nodes.get(index);
        if (node == null) {
            throw new IllegalStateException("there is no node " + index);
        }
        return node;
    }

    /** Takes a tree out; no attempt may stand in it. */
    void release(Node root) {
        root.children().forEach(this::release);
        nodes.set(root.index, null);
        free.push(root.index);
    }
}
