package tirl.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tirl.daemon.control.ControlException;

@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        description = "End the daemon and take its kernel table away: guarded ports are open to everyone again.",
        footer = {"", "Example: tirl stop --keep"})
final class StopCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Option(names = "--keep", description = "leave the table: guarded ports stay shut, live leases run on")
    private boolean keep;

    @Override
    public Integer call() throws ControlException {
        output.print(control.client().ask(Map.of("command", "stop", "keep", keep)), text -> output.line("%s", text));
        return 0;
    }
}
