package tirl.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tirl.config.Config;
import tirl.config.Config.FirewallMode;
import tirl.daemon.config.ConfigReader;
import tirl.daemon.config.ConfigResult;
import tirl.daemon.join.HostFirewalls;
import tirl.daemon.join.JoinException;
import tirl.daemon.join.PermanentRules;
import tirl.join.Detection;
import tirl.join.Finding;
import tirl.join.FirewallKind;
import tirl.join.JoinRule;

@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description =
                "Look at the firewalls of this host, add the one rule to them that lets leased packets through, and "
                        + "write a first configuration where there is none.",
        footer = {
            "",
            "Shows what it found and what it will do, and asks. Nothing that exists is",
            "flushed, moved or rewritten; what is done already is left alone.",
            "`tirl uninstall` takes the rule away again. Exit code 1 when you say no.",
            "",
            "Examples:",
            "  tirl init --dry-run      only show",
            "  tirl init --yes          do not ask",
        })
final class InitCommand implements Callable<Integer> {
    /** Bridges and tunnels of containers and machines: nobody knocks there. */
    private static final Pattern INNER =
            Pattern.compile("(?:docker|br-|veth|virbr|vnet|cni|flannel|cali|podman|lxc).*");

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "the configuration (default: /etc/tirl/tirl.toml)")
    private Path file = ConfigReader.DEFAULT_FILE;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    @Option(names = "--dry-run", description = "change nothing")
    private boolean dryRun;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final HostFirewalls firewalls = new HostFirewalls();
    private final PermanentRules permanent = new PermanentRules();

    @Override
    public Integer call() throws IOException, JoinException {
        Optional<Config> config = existing();
        JoinRule rule = new JoinRule(config.map(Config::mark).orElse(JoinRule.DEFAULT_MARK));
        boolean forwards = config.map(Config::forwards).orElse(false);
        Detection found = firewalls.check(rule, forwards);
        FirewallMode mode = found.findings().isEmpty() ? FirewallMode.GUARD : FirewallMode.JOIN;
        tell(found, rule);
        List<String> plan = new ArrayList<>(permanent.planned(found, rule));
        HostFirewalls.commands(found, rule).stream()
                .map(words -> String.join(" ", words))
                .forEach(plan::add);
        if (!plan.isEmpty()) {
            line("To be added:");
            plan.forEach(line -> line("  %s", line));
        }
        if (config.isEmpty()) {
            line("To be written: %s, with firewall = \"%s\"", file, mode.name().toLowerCase(Locale.ROOT));
        }
        boolean nothing = plan.isEmpty() && config.isPresent();
        if (nothing || dryRun) {
            line(nothing ? "Nothing to do." : "Nothing was changed: --dry-run.");
        } else if (agreed()) {
            act(found, rule, forwards, config.isEmpty(), mode);
        } else {
            line("Nothing was changed.");
            return 1;
        }
        config.filter(known -> known.firewall() != mode)
                .ifPresent(_ -> line(
                        "Now write firewall = \"%s\" under [daemon] in %s.",
                        mode.name().toLowerCase(Locale.ROOT), file));
        return 0;
    }

    private void line(String format, Object... values) {
        spec.commandLine().getOut().println(String.format(Locale.ROOT, format, values));
        spec.commandLine().getOut().flush();
    }

    private Optional<Config> existing() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        ConfigResult read = ConfigReader.read(file);
        if (read.config().isEmpty()) {
            throw new IOException(file + " has mistakes, which `tirl check " + file + "` shows; nothing was changed");
        }
        return read.config();
    }

    private void tell(Detection found, JoinRule rule) {
        if (found.findings().isEmpty()) {
            line("No firewall of this host drops by itself: tirl's own table is enough (firewall = \"guard\").");
            return;
        }
        line(
                "Found: %s",
                found.findings().stream()
                        .map(Finding::kind)
                        .map(FirewallKind::title)
                        .distinct()
                        .collect(Collectors.joining(", ")));
        for (Finding finding : found.findings()) {
            String standing = switch (finding.standing()) {
                case IN_PLACE -> "the join rule is in place";
                case MISSING -> "lacks the join rule";
                case BEHIND_A_DROP -> "has the join rule behind a rule that drops";
            };
            line("  %s: drops, and %s", finding.point().where(), standing);
        }
        line("Leased packets carry the mark %s, which that one rule accepts.", rule.hex());
    }

    private boolean agreed() throws IOException {
        if (yes) {
            return true;
        }
        line("Go on? [y/N]");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        String answer = in.readLine();
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }

    private void act(Detection found, JoinRule rule, boolean forwards, boolean write, FirewallMode mode)
            throws IOException, JoinException {
        permanent.add(found, rule);
        firewalls.put(found, rule);
        Detection now = firewalls.check(rule, forwards);
        if (!now.isGood()) {
            throw new JoinException(now.findings().stream()
                    .filter(finding -> !finding.isGood())
                    .map(finding -> finding.told(rule))
                    .collect(Collectors.joining("; ")));
        }
        if (!now.findings().isEmpty()) {
            line("Checked: the join rule is in place, before what drops.");
        }
        if (write) {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            PrivateFile.write(file, StarterConfig.text(interfaces(), mode == FirewallMode.JOIN, new SecureRandom()));
            line("Written: %s. Look it over, then run `tirl check` and `tirl serve`.", file);
        }
    }

    private static List<NetworkInterface> up() throws SocketException {
        List<NetworkInterface> up = new ArrayList<>();
        try {
            for (NetworkInterface one : NetworkInterface.networkInterfaces().toList()) {
                if (one.isUp()) {
                    up.add(one);
                }
            }
        } catch (SocketException noneIsConfigured) {
            return List.of();
        }
        return up;
    }

    /** Those that are up and lead outside. */
    private static List<String> interfaces() throws SocketException {
        List<String> names = new ArrayList<>();
        for (NetworkInterface one : up()) {
            if (!one.isLoopback()
                    && one.inetAddresses().findAny().isPresent()
                    && !INNER.matcher(one.getName()).matches()) {
                names.add(one.getName());
            }
        }
        names.sort(null);
        return names.isEmpty() ? List.of("any") : List.copyOf(names);
    }
}
