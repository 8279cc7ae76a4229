package tirl.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tirl.join.Finding.Standing;
import tirl.join.JoinPoint.IptablesChain;
import tirl.join.JoinPoint.NftChain;
import tirl.join.Listings.Program;

class DetectionTest {
    private static final JoinRule RULE = new JoinRule(0x1000);
    private static final String OURS = "meta mark & 0x00001000 == 0x00001000 accept comment \"tirl\"";
    private static final String SAVED = "-A INPUT -m mark --mark 0x1000/0x1000 -m comment --comment tirl -j ACCEPT";

    private static Detection nft(String listing, boolean forwards) {
        return Detection.of(new Listings(listing, Map.of()), RULE, forwards);
    }

    private static Detection saved(Variant variant, boolean ipv6, String... lines) {
        String text = "# Generated\n*filter\n" + String.join("\n", lines) + "\nCOMMIT\n";
        return Detection.of(new Listings("", Map.of(new Program(variant, ipv6), text)), RULE, false);
    }

    /** A chain on the hook input, as nft lists it, with one rule and a policy. */
    private static String chain(String policy, String... rules) {
        StringBuilder text =
                new StringBuilder("table inet host { # handle 1\n\tset big { # handle 4\n\t\ttype ipv4_addr\n\t}\n\n"
                        + "\tchain known { # handle 2\n\t\ttcp dport 443 accept # handle 3\n\t}\n\n"
                        + "\tchain shut { # handle 5\n\t\tcounter packets 3 bytes 9 reject with icmpx admin-prohibited # handle 6\n\t}\n\n"
                        + "\tchain input { # handle 7\n\t\ttype filter hook input priority filter; policy " + policy
                        + ";\n");
        int handle = 10;
        for (String rule : rules) {
            text.append("\t\t")
                    .append(rule)
                    .append(" # handle ")
                    .append(handle++)
                    .append('\n');
        }
        return text + "\t}\n}\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "drop",
                "counter packets 1 bytes 2 drop",
                "tcp dport 22 drop",
                "jump shut",
                "goto shut",
                "iifname vmap { \"lo\" : accept, \"eth0\" : jump shut }",
                "ct state vmap { invalid : drop, new : drop }",
                "ip saddr != 10.0.0.0/8 reject",
            })
    void rulesThatDrop_needTheJoinRule(String rule) {
        assertThat(nft(chain("accept", rule), false).findings())
                .containsExactly(new Finding(
                        FirewallKind.NFTABLES, new NftChain("inet", "host", "input"), false, Standing.MISSING));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ct state invalid drop",
                "ip saddr @big drop",
                "ip6 saddr 2001:db8::/32 counter packets 0 bytes 0 reject",
                "ct state vmap { invalid : drop, established : accept, related : accept }",
                "meta l4proto ipv6-icmp drop",
                "log prefix \"drop\"",
                "tcp dport 22 accept comment \"never drop this\"",
                "jump known",
            })
    void rulesAgainstSomeSourcesOrBrokenPackets_needNone(String rule) {
        assertThat(nft(chain("accept", rule), false).findings()).isEmpty();
        assertThat(nft(chain("drop", rule), false).findings()).hasSize(1);
    }

    @Test
    void acceptOfEverything_beforeADrop_needsNone() {
        assertThat(nft(chain("drop", "accept", "drop"), false).findings()).isEmpty();
    }

    @Test
    void joinRule_isGoodOnlyBeforeTheDrop() {
        String good = chain("drop", "iifname \"lo\" accept", OURS, "drop");
        assertThat(nft(good, false).isGood()).isTrue();
        assertThat(nft(good, false).own())
                .containsExactly(new OwnRule(new NftChain("inet", "host", "input"), RULE, "11"));

        Detection behind = nft(chain("drop", "jump shut", OURS), false);
        assertThat(behind.isGood()).isFalse();
        assertThat(behind.findings().getFirst().standing()).isEqualTo(Standing.BEHIND_A_DROP);
        assertThat(behind.findings().getFirst().told(RULE)).contains("comes after a rule that drops", "tirl init");
        assertThat(behind.own().getFirst().removal())
                .containsExactly("nft", "delete", "rule", "inet", "host", "input", "handle", "11");
    }

    /** After the mark was changed the old rule does not count, but it is still ours to take away. */
    @Test
    void joinRuleWithAnotherMark_isMissing_andOurs() {
        Detection old = nft(chain("drop", OURS.replace("1000", "2000")), false);

        assertThat(old.findings().getFirst().standing()).isEqualTo(Standing.MISSING);
        assertThat(old.own().getFirst().rule().mark()).isEqualTo(0x2000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp dport 22 accept comment \"tirl\"",
                "meta mark & 0x00001000 == 0x00001000 accept",
                "meta mark & 0x00001000 == 0x00001000 accept comment \"tirl2\"",
                "meta mark & 0x00001000 == 0x00001000 drop comment \"tirl\"",
            })
    void rulesOfOthers_areNotTakenForOurs(String rule) {
        assertThat(nft(chain("drop", rule), false).own()).isEmpty();
    }

    @Test
    void forwardChains_countWhenSomethingIsForwarded() {
        String listing = chain("accept").replace("hook input", "hook forward").replace("policy accept", "policy drop");

        assertThat(nft(listing, false).findings()).isEmpty();
        assertThat(nft(listing, true).findings()).hasSize(1).allMatch(Finding::forward);
    }

    @Test
    void tirlsOwnTable_andOtherFamilies_areNoFirewallToJoin() {
        assertThat(nft(chain("drop").replace("inet host", "inet tirl"), false).findings())
                .isEmpty();
        assertThat(nft(chain("drop").replace("inet host", "bridge host"), false).findings())
                .isEmpty();
        assertThat(nft("", false).isGood()).isTrue();
    }

    @Test
    void firewalld_isKnownByItsTable() {
        Detection found = nft(chain("accept", "jump known", "drop").replace("inet host", "inet firewalld"), false);

        assertThat(found.findings().getFirst().kind()).isEqualTo(FirewallKind.FIREWALLD);
        assertThat(found.findings().getFirst().told(RULE))
                .contains("nft insert rule inet firewalld input meta mark and 0x1000 == 0x1000 accept comment tirl");
    }

    @ParameterizedTest
    @CsvSource({
        "NFT, false, IPTABLES_NFT, iptables-nft",
        "NFT, true, IPTABLES_NFT, ip6tables-nft",
        "LEGACY, false, IPTABLES_LEGACY, iptables-legacy",
        "LEGACY, true, IPTABLES_LEGACY, ip6tables-legacy",
    })
    void iptables_isJoinedByTheRightProgram(Variant variant, boolean ipv6, FirewallKind kind, String program) {
        Detection found = saved(variant, ipv6, ":INPUT DROP [0:0]", "-A INPUT -i lo -j ACCEPT");

        assertThat(found.findings())
                .containsExactly(new Finding(kind, new IptablesChain(variant, ipv6, "INPUT"), false, Standing.MISSING));
        assertThat(String.join(" ", found.findings().getFirst().point().insertion(RULE)))
                .isEqualTo(
                        program + " -w 5 -I INPUT 1 -m mark --mark 0x1000/0x1000 -m comment --comment tirl -j ACCEPT");
        assertThat(saved(variant, ipv6, ":INPUT DROP [0:0]", SAVED, "-A INPUT -i lo -j ACCEPT")
                        .isGood())
                .isTrue();
        assertThat(saved(variant, ipv6, ":INPUT DROP [0:0]", "-A INPUT -j DROP", SAVED)
                        .findings()
                        .getFirst()
                        .standing())
                .isEqualTo(Standing.BEHIND_A_DROP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-A INPUT -s 192.0.2.0/24 -j DROP",
                "-A INPUT -m conntrack --ctstate INVALID -j DROP",
                "-A INPUT -m set --match-set bad src -j REJECT",
                "-A INPUT -p icmp -j DROP",
                "-A INPUT -m comment --comment \"a -j DROP b\" -j ACCEPT",
                "-A INPUT -j LOG --log-prefix \"-j DROP\"",
            })
    void iptablesRules_againstSomeOnly_needNone(String rule) {
        assertThat(saved(Variant.NFT, false, ":INPUT ACCEPT [0:0]", rule).findings())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-A INPUT -j REJECT --reject-with icmp-port-unreachable",
                "-A INPUT ! -s 192.0.2.0/24 -j DROP",
                "-A INPUT -p tcp -m tcp --dport 22 -j DROP",
                "-A INPUT -g bad",
            })
    void iptablesRules_againstEveryone_needIt(String rule) {
        assertThat(saved(Variant.NFT, false, ":INPUT ACCEPT [0:0]", ":bad - [0:0]", rule, "-A bad -j DROP")
                        .findings())
                .hasSize(1);
    }

    @Test
    void ufwAndFirewalldOverIptables_areJoinedWhereTheirReloadPutsOurRule() {
        Detection ufw = saved(
                Variant.NFT,
                true,
                ":INPUT DROP [0:0]",
                ":ufw6-before-input - [0:0]",
                "-A INPUT -j ufw6-before-input",
                SAVED.replace("INPUT", "ufw6-before-input"));
        assertThat(ufw.findings())
                .containsExactly(new Finding(
                        FirewallKind.UFW,
                        new IptablesChain(Variant.NFT, true, "ufw6-before-input"),
                        false,
                        Standing.IN_PLACE));

        Detection firewalld = saved(
                Variant.NFT,
                false,
                ":INPUT ACCEPT [0:0]",
                ":INPUT_direct - [0:0]",
                ":INPUT_ZONES - [0:0]",
                "-A INPUT -j INPUT_direct",
                "-A INPUT -j REJECT");
        assertThat(firewalld.findings())
                .containsExactly(new Finding(
                        FirewallKind.FIREWALLD,
                        new IptablesChain(Variant.NFT, false, "INPUT_direct"),
                        false,
                        Standing.MISSING));
    }

    /** What iptables-nft made is in nft's listing too, as a table that nft had better not touch. */
    @Test
    void tablesOfIptablesNft_areJoinedOnce_andThoseItCannotRead_byNft() {
        String listing =
                chain("drop").replace("table inet host", "table ip filter").replace("chain input", "chain INPUT");
        Program program = new Program(Variant.NFT, false);
        Detection once = Detection.of(
                new Listings(listing, Map.of(program, "*filter\n:INPUT DROP [0:0]\nCOMMIT\n")), RULE, false);
        assertThat(once.findings().stream().map(Finding::kind)).containsExactly(FirewallKind.IPTABLES_NFT);

        Detection byNft = Detection.of(
                new Listings(listing, Map.of(program, "# Table `filter' is incompatible, use 'nft' tool.\n")),
                RULE,
                false);
        assertThat(byNft.findings().stream().map(Finding::point))
                .isEqualTo(List.of(new NftChain("ip", "filter", "INPUT")));
    }

    @Test
    void severalFirewalls_eachNeedIt_firewalldFirst() {
        String listing = chain("drop") + chain("drop").replace("inet host", "inet firewalld");
        Detection all = Detection.of(
                new Listings(listing, Map.of(new Program(Variant.LEGACY, false), "*filter\n:INPUT DROP [0:0]\n")),
                RULE,
                false);

        assertThat(all.findings().stream().map(Finding::kind))
                .containsExactly(FirewallKind.FIREWALLD, FirewallKind.IPTABLES_LEGACY, FirewallKind.NFTABLES);
    }

    /** Chains that jump in a circle are refused by the kernel; text may still hold them. */
    @Test
    void circles_end() {
        assertThat(saved(Variant.NFT, false, ":INPUT ACCEPT [0:0]", ":a - [0:0]", "-A INPUT -j a", "-A a -j a")
                        .findings())
                .isEmpty();
    }
}
