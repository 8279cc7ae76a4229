package tirl.join;

import java.util.List;

/**
 * A chain of somebody else.
 *
 * @param hook such as {@code input}; empty when it is only jumped to
 * @param drops whether its policy is to drop
 */
record ForeignChain(String name, String hook, boolean drops, List<ForeignRule> rules) {
    ForeignChain {
        rules = List.copyOf(rules);
    }
}
