package tirl.join;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tirl.join.ForeignRule.Effect;

/** Reads what iptables-save writes, of which the table filter matters. */
final class SavedRules {
    private static final Pattern QUOTED = Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"");
    private static final Set<String> HOOKS = Set.of("INPUT", "FORWARD");
    private static final Set<String> DROPPING = Set.of("DROP", "REJECT", "TARPIT");
    /** A rule against some sources, broken packets or ICMP is not what shuts a port to everyone. */
    private static final Pattern NARROW = Pattern.compile("(?<!! )-s |(?<!! )--match-set \\S+ src|"
            + "(?:--ctstate|--state) INVALID |-p (?:icmp|ipv6-icmp|icmpv6|igmp) |--rt-type ");

    private SavedRules() {}

    /** Empty when there is no table filter, or nft has made it such that iptables cannot read it. */
    static Optional<ForeignTable> filter(boolean ipv6, String saved) {
        Map<String, Boolean> drops = new LinkedHashMap<>();
        Map<String, List<ForeignRule>> rules = new LinkedHashMap<>();
        boolean inFilter = false;
        for (String line : saved.lines().toList()) {
            if (line.startsWith("*")) {
                inFilter = line.equals("*filter");
            } else if (inFilter && line.startsWith(":")) {
                String[] words = line.substring(1).split(" ", 3);
                drops.put(words[0], words.length > 1 && words[1].equals("DROP"));
                rules.put(words[0], new ArrayList<>());
            } else if (inFilter && line.startsWith("-A ")) {
                String rule = QUOTED.matcher(line.substring(3)).replaceAll("\"\"");
                rules.computeIfAbsent(rule.split(" ", 2)[0], _ -> new ArrayList<>())
                        .add(rule(rule, drops.keySet()));
            }
        }
        if (rules.isEmpty()) {
            return Optional.empty();
        }
        Map<String, ForeignChain> chains = new LinkedHashMap<>();
        rules.forEach((name, list) -> chains.put(
                name, new ForeignChain(name, HOOKS.contains(name) ? name : "", drops.getOrDefault(name, false), list)));
        return Optional.of(new ForeignTable(ipv6 ? "ip6" : "ip", "filter", chains));
    }

    private static ForeignRule rule(String line, Set<String> chains) {
        List<String> words = List.of(line.split(" ", -1));
        int at = Math.max(words.indexOf("-j"), words.indexOf("-g"));
        String target = at < 0 || at + 1 == words.size() ? "" : words.get(at + 1);
        int mark = JoinRule.markInSaved(line);
        if (mark != 0) {
            return new ForeignRule(Effect.PASSES, List.of(), mark, "");
        }
        if (DROPPING.contains(target)) {
            return ForeignRule.of(NARROW.matcher(line).find() ? Effect.PASSES : Effect.DROPS);
        }
        if (target.equals("ACCEPT")) {
            return ForeignRule.of(at == 1 ? Effect.ACCEPTS : Effect.PASSES);
        }
        return chains.contains(target) && !NARROW.matcher(line).find()
                ? new ForeignRule(Effect.JUMPS, List.of(target), 0, "")
                : ForeignRule.of(Effect.PASSES);
    }
}
