package tirl.join;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tirl.join.ForeignRule.Effect;

/** A table of somebody else: its chains by name. */
record ForeignTable(String family, String name, Map<String, ForeignChain> chains) {
    ForeignTable {
        chains = Map.copyOf(chains);
    }

    /** What a packet that no other rule accepts comes to first. */
    enum End {
        DROP,
        OURS,
        PASS
    }

    /** @param mark of the static rule that is looked for; 0 looks as if there were none */
    End end(ForeignChain from, int mark) {
        End end = walk(from, mark, new HashSet<>());
        return end == End.PASS && from.drops() && !acceptsAll(from) ? End.DROP : end;
    }

    private static boolean acceptsAll(ForeignChain chain) {
        return chain.rules().stream().anyMatch(rule -> rule.effect() == Effect.ACCEPTS);
    }

    private End walk(ForeignChain chain, int mark, Set<String> visited) {
        if (!visited.add(chain.name())) {
            return End.PASS;
        }
        for (ForeignRule rule : chain.rules()) {
            End end = rule.mark() != 0 && rule.mark() == mark ? End.OURS : end(rule, mark, visited);
            if (end != End.PASS || rule.effect() == Effect.ACCEPTS) {
                return end;
            }
        }
        return End.PASS;
    }

    private End end(ForeignRule rule, int mark, Set<String> visited) {
        return switch (rule.effect()) {
            case DROPS -> End.DROP;
            case ACCEPTS, PASSES -> End.PASS;
            case JUMPS -> {
                for (String target : rule.targets()) {
                    ForeignChain chain = chains.get(target);
                    End end = chain == null ? End.PASS : walk(chain, mark, visited);
                    if (end != End.PASS) {
                        yield end;
                    }
                }
                yield End.PASS;
            }
        };
    }
}
