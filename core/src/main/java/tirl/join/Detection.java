package tirl.join;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tirl.join.Finding.Standing;
import tirl.join.ForeignTable.End;
import tirl.join.JoinPoint.IptablesChain;
import tirl.join.JoinPoint.NftChain;
import tirl.join.Listings.Program;

/**
 * Which foreign chains drop, and where our rule stands in them.
 *
 * @param findings the chains that drop
 * @param own all static rules of tirl on this host
 */
public record Detection(List<Finding> findings, List<OwnRule> own) {
    private static final String FIREWALLD = "firewalld";
    private static final List<String> FAMILIES = List.of("ip", "ip6", "inet");

    public Detection {
        findings = List.copyOf(findings);
        own = List.copyOf(own);
    }

    /** @param forwards whether packets to other machines have to pass too */
    public static Detection of(Listings listings, JoinRule rule, boolean forwards) {
        Search search = new Search(rule, forwards, new ArrayList<>(), new ArrayList<>());
        Set<String> ofIptables = new HashSet<>();
        for (Map.Entry<Program, String> saved : listings.saved().entrySet()) {
            Program program = saved.getKey();
            SavedRules.filter(program.ipv6(), saved.getValue()).ifPresent(table -> search.iptables(program, table));
            if (program.variant() == Variant.NFT) {
                String family = program.ipv6() ? "ip6 " : "ip ";
                saved.getValue()
                        .lines()
                        .filter(line -> line.startsWith("*"))
                        .forEach(line -> ofIptables.add(family + line.substring(1)));
            }
        }
        for (ForeignTable table : ListedTables.of(listings.nft())) {
            boolean known = ofIptables.contains(table.family() + " " + table.name());
            if (!known && FAMILIES.contains(table.family()) && !isTirls(table)) {
                search.nft(table);
            }
        }
        search.findings()
                .sort(Comparator.comparing(Finding::kind)
                        .thenComparing(found -> found.point().where()));
        return new Detection(search.findings(), search.own());
    }

    /** Whether every chain that drops lets leased packets through. */
    public boolean isGood() {
        return findings.stream().allMatch(Finding::isGood);
    }

    private static boolean isTirls(ForeignTable table) {
        return table.family().equals("inet") && table.name().equals(JoinRule.COMMENT);
    }

    private record Search(JoinRule rule, boolean forwards, List<Finding> findings, List<OwnRule> own) {
        void iptables(Program program, ForeignTable table) {
            for (ForeignChain chain : table.chains().values()) {
                note(new IptablesChain(program.variant(), program.ipv6(), chain.name()), chain);
                if (wanted(chain.hook())) {
                    FirewallKind kind = kind(program, table);
                    String place = place(kind, program.ipv6(), chain.name());
                    judge(kind, table, chain, new IptablesChain(program.variant(), program.ipv6(), place));
                }
            }
        }

        void nft(ForeignTable table) {
            FirewallKind kind = table.name().equals(FIREWALLD) ? FirewallKind.FIREWALLD : FirewallKind.NFTABLES;
            for (ForeignChain chain : table.chains().values()) {
                NftChain point = new NftChain(table.family(), table.name(), chain.name());
                note(point, chain);
                if (wanted(chain.hook())) {
                    judge(kind, table, chain, point);
                }
            }
        }

        private boolean wanted(String hook) {
            return hook.equalsIgnoreCase("input") || (forwards && hook.equalsIgnoreCase("forward"));
        }

        private void note(JoinPoint point, ForeignChain chain) {
            chain.rules().stream()
                    .filter(found -> found.mark() != 0)
                    .forEach(found -> own.add(new OwnRule(point, new JoinRule(found.mark()), found.handle())));
        }

        private void judge(FirewallKind kind, ForeignTable table, ForeignChain chain, JoinPoint point) {
            if (table.end(chain, 0) != End.DROP) {
                return;
            }
            Standing standing = Standing.MISSING;
            if (table.end(chain, rule.mark()) == End.OURS) {
                standing = Standing.IN_PLACE;
            } else if (isIn(table, point)) {
                standing = Standing.BEHIND_A_DROP;
            }
            findings.add(new Finding(kind, point, chain.hook().equalsIgnoreCase("forward"), standing));
        }

        private boolean isIn(ForeignTable table, JoinPoint point) {
            String name = switch (point) {
                case IptablesChain chain -> chain.chain();
                case NftChain chain -> chain.chain();
            };
            ForeignChain chain = table.chains().get(name);
            return chain != null && chain.rules().stream().anyMatch(found -> found.mark() == rule.mark());
        }

        /** ufw and firewalld make their chains anew at each reload; other programs' rules stand in the hook's own chain. */
        private static String place(FirewallKind kind, boolean ipv6, String hook) {
            return switch (kind) {
                case FIREWALLD -> hook + "_direct";
                case UFW -> ufw(ipv6, hook);
                case IPTABLES_LEGACY, IPTABLES_NFT, NFTABLES -> hook;
            };
        }

        private static FirewallKind kind(Program program, ForeignTable table) {
            if (table.chains().containsKey("INPUT_direct") && table.chains().containsKey("INPUT_ZONES")) {
                return FirewallKind.FIREWALLD;
            }
            if (table.chains().containsKey(ufw(program.ipv6(), "INPUT"))) {
                return FirewallKind.UFW;
            }
            return program.variant() == Variant.NFT ? FirewallKind.IPTABLES_NFT : FirewallKind.IPTABLES_LEGACY;
        }

        private static String ufw(boolean ipv6, String hook) {
            return (ipv6 ? "ufw6-before-" : "ufw-before-") + (hook.equals("INPUT") ? "input" : "forward");
        }
    }
}
