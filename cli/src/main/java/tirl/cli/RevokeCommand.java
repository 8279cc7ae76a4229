package tirl.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tirl.daemon.control.ControlException;

@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = "Take back a lease, or all leases of an address. Connections that are established go on.",
        footer = {"", "Examples: tirl revoke 17", "          tirl revoke 192.0.2.7"})
final class RevokeCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    @Mixin
    private Output output = new Output();

    @Parameters(paramLabel = "LEASE|ADDRESS", description = "as `tirl leases` lists them")
    private String what = "";

    @Override
    public Integer call() throws ControlException {
        output.print(control.client().ask(Map.of("command", "revoke", "what", what)), output::leases);
        return 0;
    }
}
