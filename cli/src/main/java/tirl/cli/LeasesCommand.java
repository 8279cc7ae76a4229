package tirl.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tirl.daemon.control.ControlException;

@Command(
        name = "leases",
        mixinStandardHelpOptions = true,
        description = "List what is open, for whom and for how long.",
        footer = {"", "Example: tirl leases --json"})
final class LeasesCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Override
    public Integer call() throws ControlException {
        output.print(control.client().ask(Map.of("command", "leases")), output::leases);
        return 0;
    }
}
