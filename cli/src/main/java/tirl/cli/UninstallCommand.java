package tirl.cli;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tirl.daemon.BootTable;
import tirl.daemon.control.ControlException;
import tirl.grant.FirewallException;
import tirl.linux.firewall.NftablesFirewall;

@Command(
        name = "uninstall",
        mixinStandardHelpOptions = true,
        description =
                "Take tirl's kernel table away when no daemon runs, now and for the next boot: guarded ports are open to everyone again.",
        footer = {"", "While a daemon runs, use `tirl stop`. Example: tirl uninstall"})
final class UninstallCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws FirewallException {
        if (isDaemonRunning()) {
            throw new FirewallException("a daemon is running; `tirl stop` ends it and takes the table away");
        }
        new NftablesFirewall().uninstall();
        try {
            BootTable.remove(control.state());
        } catch (IOException e) {
            throw new FirewallException("the table is gone, but at the next boot it is back: " + e.getMessage(), e);
        }
        output.print("the table inet tirl is gone and nothing is guarded", text -> output.line("%s", text));
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
