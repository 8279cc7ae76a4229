package tirl.daemon.join;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tirl.join.Detection;
import tirl.join.Finding;
import tirl.join.FirewallKind;
import tirl.join.JoinPoint.IptablesChain;
import tirl.join.JoinRule;

/**
 * Where a firewall has a place of its own for rules that survive its reload and the next start of the host: ufw's
 * before.rules, and firewalld's direct rules when it works with iptables. Elsewhere the daemon puts the rule back.
 */
public final class PermanentRules {
    private static final Path UFW = Path.of("/etc/ufw");
    private static final Path DIRECT = Path.of("/etc/firewalld/direct.xml");

    private final Path ufw;

    /** Those of this host. */
    public PermanentRules() {
        this(UFW);
    }

    PermanentRules(Path ufw) {
        this.ufw = ufw;
    }

    /** What {@link #add} would do, one line each. */
    public List<String> planned(Detection detection, JoinRule rule) throws JoinException {
        List<String> plan = new ArrayList<>();
        for (UfwLines lines : ufwLines(detection, rule)) {
            if (!lines.areIn()) {
                plan.add("in " + lines.file() + ": " + lines.rule());
            }
        }
        direct(detection, rule).stream().map(words -> String.join(" ", words)).forEach(plan::add);
        return plan;
    }

    /** Adds what is not there yet. */
    public void add(Detection detection, JoinRule rule) throws JoinException {
        for (UfwLines lines : ufwLines(detection, rule)) {
            lines.add();
        }
        for (List<String> command : direct(detection, rule)) {
            Tool.ask(command);
        }
    }

    /** Takes away all that {@link #add} ever added, and tells what it was. */
    public List<String> remove() throws JoinException {
        List<String> removed = new ArrayList<>();
        for (boolean ipv6 : List.of(false, true)) {
            UfwLines lines = new UfwLines(file(ipv6), "");
            if (lines.remove()) {
                removed.add("our lines in " + lines.file());
            }
        }
        for (String rule : directRules()) {
            List<String> words = new ArrayList<>(direct("--remove-rule"));
            words.addAll(List.of(rule.split(" ", -1)));
            Tool.ask(words);
            removed.add("firewalld's direct rule " + rule);
        }
        return removed;
    }

    private List<UfwLines> ufwLines(Detection detection, JoinRule rule) {
        List<UfwLines> all = new ArrayList<>();
        for (boolean ipv6 : List.of(false, true)) {
            String rules = chains(detection, FirewallKind.UFW)
                    .filter(chain -> chain.ipv6() == ipv6)
                    .map(chain -> "-A " + chain.chain() + " " + String.join(" ", rule.iptables()))
                    .collect(Collectors.joining("\n"));
            if (!rules.isEmpty()) {
                all.add(new UfwLines(file(ipv6), rules));
            }
        }
        return all;
    }

    private Path file(boolean ipv6) {
        return ufw.resolve(ipv6 ? "before6.rules" : "before.rules");
    }

    private List<List<String>> direct(Detection detection, JoinRule rule) throws JoinException {
        List<String> there = directRules();
        List<List<String>> commands = new ArrayList<>();
        chains(detection, FirewallKind.FIREWALLD).forEach(chain -> {
            List<String> words = new ArrayList<>(List.of(
                    chain.ipv6() ? "ipv6" : "ipv4", "filter", chain.chain().replace("_direct", ""), "0"));
            words.addAll(rule.iptables());
            if (!there.contains(String.join(" ", words))) {
                words.addAll(0, List.of("firewall-cmd", "--permanent", "--direct", "--add-rule"));
                commands.add(words);
            }
        });
        return commands;
    }

    private static Stream<IptablesChain> chains(Detection detection, FirewallKind kind) {
        return detection.findings().stream()
                .filter(finding -> finding.kind() == kind)
                .map(Finding::point)
                .filter(IptablesChain.class::isInstance)
                .map(IptablesChain.class::cast);
    }

    /** As firewall-cmd writes them; without its file there are none, and firewalld need not be asked. */
    private static List<String> directRules() throws JoinException {
        try {
            if (!Files.exists(DIRECT) || !Files.readString(DIRECT).contains("--comment tirl -j ACCEPT")) {
                return List.of();
            }
        } catch (IOException e) {
            throw new JoinException(DIRECT + " cannot be read: " + e.getMessage(), e);
        }
        return Tool.ask(direct("--get-all-rules"))
                .lines()
                .filter(line -> line.endsWith(" -m comment --comment tirl -j ACCEPT"))
                .toList();
    }

    /** firewall-cmd talks to firewalld, which may not run any more when its files are to be cleaned. */
    private static List<String> direct(String what) {
        try {
            Tool.ask(List.of("firewall-cmd", "--state"));
            return List.of("firewall-cmd", "--permanent", "--direct", what);
        } catch (JoinException notRunning) {
            return List.of("firewall-offline-cmd", "--direct", what);
        }
    }
}
