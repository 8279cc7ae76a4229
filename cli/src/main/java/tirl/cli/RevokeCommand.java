package tirl.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tirl.daemon.control.ControlException;

@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = {
            "Take back a lease, or all leases of an address.",
            "Connections that are established go on, unless their service has cut = true or --cut is given."
        },
        footer = {"", "Examples: tirl revoke 17", "          tirl revoke --cut 192.0.2.7"})
final class RevokeCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Parameters(paramLabel = "LEASE|ADDRESS", description = "as `tirl leases` lists them")
    private String what = "";

    @Option(
            names = "--cut",
            description = "end the live connections too, to ports that no other lease of the address covers")
    private boolean cut;

    @Override
    public Integer call() throws ControlException {
        output.print(control.client().ask(Map.of("command", "revoke", "what", what, "cut", cut)), output::leases);
        return 0;
    }
}
