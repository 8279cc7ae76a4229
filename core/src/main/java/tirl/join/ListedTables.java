package tirl.join;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tirl.join.ForeignRule.Effect;

/** Reads what {@code nft -a -t list ruleset} writes. */
final class ListedTables {
    private static final Pattern TABLE = Pattern.compile("table (\\S+) (\\S+) \\{.*");
    private static final Pattern CHAIN = Pattern.compile("\\tchain (\\S+) \\{.*");
    private static final Pattern HOOK = Pattern.compile("\\t\\ttype filter hook (\\S+) .*");
    private static final Pattern HANDLE = Pattern.compile("^\\t\\t(.*?) # handle (\\d+)$");
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");
    private static final Pattern JUMP = Pattern.compile("\\b(?:jump|goto) ([^\\s,}]+)");
    private static final Pattern DROP = Pattern.compile("\\b(?:drop|reject)\\b");
    /** A rule against some sources, broken packets or ICMP is not what shuts a port to everyone. */
    private static final Pattern NARROW = Pattern.compile(
            "\\bsaddr\\b(?! !=)|\\bct state invalid\\b|\\b(?:icmp|icmpv6|igmp) |l4proto (?:icmp|icmpv6|ipv6-icmp)\\b");

    private static final Pattern COUNTER = Pattern.compile("counter packets \\d+ bytes \\d+ ?");

    private ListedTables() {}

    static List<ForeignTable> of(String listing) {
        List<ForeignTable> tables = new ArrayList<>();
        String family = "";
        String name = "";
        Map<String, ForeignChain> chains = new LinkedHashMap<>();
        List<String> lines = listing.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher table = TABLE.matcher(line);
            Matcher chain = CHAIN.matcher(line);
            if (table.matches()) {
                family = table.group(1);
                name = table.group(2);
                chains = new LinkedHashMap<>();
            } else if (chain.matches()) {
                int end = i + 1;
                while (end < lines.size() && !lines.get(end).equals("\t}")) {
                    end++;
                }
                chains.put(chain.group(1), chain(chain.group(1), lines.subList(i + 1, end)));
                i = end;
            } else if (line.equals("}")) {
                tables.add(new ForeignTable(family, name, chains));
            }
        }
        return tables;
    }

    private static ForeignChain chain(String name, List<String> lines) {
        String hook = "";
        boolean drops = false;
        List<ForeignRule> rules = new ArrayList<>();
        for (String line : lines) {
            Matcher hooked = HOOK.matcher(line);
            Matcher rule = HANDLE.matcher(line);
            if (hooked.matches()) {
                hook = hooked.group(1);
                drops = line.endsWith("policy drop;");
            } else if (rule.matches()) {
                rules.add(rule(rule.group(1), rule.group(2)));
            }
        }
        return new ForeignChain(name, hook, drops, rules);
    }

    private static ForeignRule rule(String text, String handle) {
        int mark = JoinRule.markInListed(text);
        if (mark != 0) {
            return new ForeignRule(Effect.PASSES, List.of(), mark, handle);
        }
        String bare = COUNTER.matcher(QUOTED.matcher(text).replaceAll("\"\"")).replaceAll("");
        String judged = bare.replace("invalid : drop", "");
        boolean narrow = NARROW.matcher(judged).find();
        if (!narrow && DROP.matcher(judged).find()) {
            return ForeignRule.of(Effect.DROPS);
        }
        if (bare.equals("accept")) {
            return ForeignRule.of(Effect.ACCEPTS);
        }
        List<String> targets =
                JUMP.matcher(judged).results().map(found -> found.group(1)).toList();
        return targets.isEmpty() || narrow
                ? ForeignRule.of(Effect.PASSES)
                : new ForeignRule(Effect.JUMPS, targets, 0, handle);
    }
}
