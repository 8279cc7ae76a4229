package tirl.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tirl.daemon.control.ControlException;

@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description = "End the trial under way at once: back at the configuration before.",
        footer = {"", "Live leases go on. Example: tirl rollback"})
final class RollbackCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Override
    public Integer call() throws ControlException {
        return rollBack(control, output);
    }

    static int rollBack(ControlOptions control, Output output) throws ControlException {
        output.print(control.client().ask(Map.of("command", "rollback")), text -> output.line("%s", text));
        return 0;
    }
}
