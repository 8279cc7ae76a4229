package tirl.join;

import java.util.ArrayList;
import java.util.List;

/** A chain of somebody else in which the static rule has to stand. */
public sealed interface JoinPoint {
    /** How people call it. */
    String where();

    /** The command that puts the rule at its head. */
    List<String> insertion(JoinRule rule);

    /** The command that takes a rule of ours out of it. */
    List<String> removal(JoinRule rule, String handle);

    /** A chain of nftables, also of a firewall that is made of it, such as firewalld. */
    record NftChain(String family, String table, String chain) implements JoinPoint {
        @Override
        public String where() {
            return "nftables chain " + family + " " + table + " " + chain;
        }

        @Override
        public List<String> insertion(JoinRule rule) {
            List<String> words = new ArrayList<>(List.of("nft", "insert", "rule", family, table, chain));
            words.addAll(rule.nft());
            return List.copyOf(words);
        }

        @Override
        public List<String> removal(JoinRule rule, String handle) {
            return List.of("nft", "delete", "rule", family, table, chain, "handle", handle);
        }
    }

    /** A chain of the table filter of iptables or ip6tables. */
    record IptablesChain(Variant variant, boolean ipv6, String chain) implements JoinPoint {
        /** Another program may hold the lock of the rules for a moment. */
        private static final List<String> WAIT = List.of("-w", "5");

        @Override
        public String where() {
            return variant.program(ipv6) + " chain " + chain;
        }

        @Override
        public List<String> insertion(JoinRule rule) {
            return command(List.of("-I", chain, "1"), rule);
        }

        @Override
        public List<String> removal(JoinRule rule, String handle) {
            return command(List.of("-D", chain), rule);
        }

        private List<String> command(List<String> what, JoinRule rule) {
            List<String> words = new ArrayList<>(List.of(variant.program(ipv6)));
            words.addAll(WAIT);
            words.addAll(what);
            words.addAll(rule.iptables());
            return List.copyOf(words);
        }
    }
}
