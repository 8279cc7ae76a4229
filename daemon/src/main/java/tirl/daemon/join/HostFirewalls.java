package tirl.daemon.join;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tirl.join.Detection;
import tirl.join.Finding;
import tirl.join.JoinRule;
import tirl.join.Listings;
import tirl.join.Listings.Program;
import tirl.join.OwnRule;
import tirl.join.Variant;

/**
 * The firewalls in the network namespace of this process. Nothing of theirs is flushed, moved or rewritten: a rule of ours
 * is added at the head of a chain, or taken away.
 */
public final class HostFirewalls {
    /** The kernel names here the tables of the engine before nftables; without any, asking would make some. */
    private static final List<Path> LEGACY_TABLES =
            List.of(Path.of("/proc/net/ip_tables_names"), Path.of("/proc/net/ip6_tables_names"));

    private static final List<String> LIST_NFT = List.of("nft", "-a", "-t", "list", "ruleset");

    /** Asks nothing yet. */
    public HostFirewalls() {}

    /**
     * Whether each chain that drops has the rule before its drop; {@link Finding#told} has the remedy.
     *
     * @param forwards whether packets to other machines have to pass too
     */
    public Detection check(JoinRule rule, boolean forwards) throws JoinException {
        Map<Program, String> saved = new LinkedHashMap<>(legacy());
        for (boolean ipv6 : List.of(false, true)) {
            Program program = new Program(Variant.NFT, ipv6);
            if (Tool.isInstalled(program.save())) {
                saved.put(program, Tool.ask(List.of(program.save())));
            }
        }
        String nft = Tool.isInstalled(LIST_NFT.getFirst()) ? Tool.ask(LIST_NFT) : "";
        return Detection.of(new Listings(nft, saved), rule, forwards);
    }

    /** The rules of the engine that tells nobody when they change. */
    Map<Program, String> legacy() throws JoinException {
        Map<Program, String> saved = new LinkedHashMap<>();
        for (boolean ipv6 : List.of(false, true)) {
            Program program = new Program(Variant.LEGACY, ipv6);
            if (hasTables(LEGACY_TABLES.get(ipv6 ? 1 : 0)) && Tool.isInstalled(program.save())) {
                saved.put(program, Tool.ask(List.of(program.save(), "-t", "filter")));
            }
        }
        return saved;
    }

    private static boolean hasTables(Path names) {
        try {
            return Files.readString(names).lines().anyMatch("filter"::equals);
        } catch (IOException noSuchEngine) {
            return false;
        }
    }

    /** What {@link #put} would run: nothing when each chain that drops has the rule once. */
    public static List<List<String>> commands(Detection detection, JoinRule rule) {
        return detection.findings().stream()
                .flatMap(finding -> commands(finding, detection.own(), rule).stream())
                .toList();
    }

    /** Firewalls that keep the rule themselves may do so beside the daemon; and the mark may have changed. */
    private static List<List<String>> commands(Finding finding, List<OwnRule> own, JoinRule rule) {
        List<OwnRule> here =
                own.stream().filter(one -> one.point().equals(finding.point())).toList();
        List<OwnRule> elsewhere =
                own.stream().filter(one -> finding.supersedes(one.point())).toList();
        Optional<OwnRule> kept = here.stream()
                .filter(one -> finding.isGood() && one.rule().equals(rule))
                .findFirst();
        List<List<String>> commands = new ArrayList<>();
        here.stream()
                .filter(one -> kept.isEmpty() || !kept.get().equals(one))
                .map(OwnRule::removal)
                .forEach(commands::add);
        here.stream()
                .filter(one -> kept.isPresent() && kept.get().equals(one))
                .skip(1)
                .map(OwnRule::removal)
                .forEach(commands::add);
        if (kept.isEmpty() && (!finding.isGood() || !elsewhere.isEmpty())) {
            commands.add(finding.point().insertion(rule));
        }
        elsewhere.stream().map(OwnRule::removal).forEach(commands::add);
        return commands;
    }

    /** Puts the rule into the chains that lack it, for as long as their owner does not make them anew. */
    public void put(Detection detection, JoinRule rule) throws JoinException {
        List<String> refusals = new ArrayList<>();
        for (List<String> command : commands(detection, rule)) {
            try {
                Tool.ask(command);
            } catch (JoinException refused) {
                // The other firewalls are to have theirs.
                refusals.add(refused.reason() + remedy(refused.reason(), command));
            }
        }
        if (!refusals.isEmpty()) {
            throw new JoinException(String.join("; ", refusals));
        }
    }

    /** Takes these rules of ours away. */
    public void remove(List<OwnRule> rules) throws JoinException {
        for (OwnRule rule : rules) {
            Tool.ask(rule.removal());
        }
    }

    private static String remedy(String reason, List<String> command) {
        if (!reason.contains("not permitted") && !reason.contains("Permission denied")) {
            return "";
        }
        return command.contains("firewalld")
                ? "; are you root? A firewalld that owns its table lets nobody else in: set NftablesTableOwner=no in "
                        + "/etc/firewalld/firewalld.conf and run `firewall-cmd --reload`"
                : "; changing the firewall needs root or the capability CAP_NET_ADMIN";
    }
}
