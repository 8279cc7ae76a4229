package tirl.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tirl.daemon.BootTable;
import tirl.daemon.control.ControlException;
import tirl.daemon.join.JoinException;
import tirl.daemon.join.JoinRemoval;
import tirl.grant.FirewallException;
import tirl.linux.firewall.NftablesFirewall;
import tirl.linux.iptables.IptablesRemoval;

@Command(
        name = "uninstall",
        mixinStandardHelpOptions = true,
        description =
                "Take away what tirl put into the kernel, when no daemon runs, now and for the next boot: its own table, so "
                        + "that guarded ports are open to everyone again, and the join rules in other firewalls, also in "
                        + "their files.",
        footer = {
            "",
            "While a daemon runs, use `tirl stop` first. Nothing that is not tirl's is touched.",
            "",
            "Example: tirl uninstall",
        })
final class UninstallCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Override
    public Integer call() throws FirewallException, JoinException {
        if (isDaemonRunning()) {
            throw new FirewallException("a daemon is running; `tirl stop` ends it and takes the table away");
        }
        List<String> left = JoinRemoval.removeAll();
        IptablesRemoval.run();
        if (NftablesFirewall.isAvailable()) {
            new NftablesFirewall().uninstall();
        }
        left.forEach(line -> output.note("taken away: %s", line));
        try {
            BootTable.remove(control.state());
        } catch (IOException e) {
            throw new FirewallException("the rules are gone, but at the next boot they are back: " + e.getMessage(), e);
        }
        output.print(
                "the rules of tirl (table inet tirl, chains TIRL-* of iptables) are gone and nothing is guarded",
                text -> output.line("%s", text));
        return 0;
    }

    private boolean isDaemonRunning() {
        try {
            control.client().ask(Map.of("command", "status"));
            return true;
        } catch (ControlException nobodyAnswers) {
            return false;
        }
    }
}
