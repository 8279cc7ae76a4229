package tirl.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tirl.daemon.control.ControlException;

@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        description = "Make the daemon read its file anew. With a mistake in it, everything stays as it is.",
        footer = {"", "Live leases go on. Example: tirl reload"})
final class ReloadCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws ControlException {
        output.print(control.client().ask(Map.of("command", "reload")), text -> output.line("reloaded: %s", text));
        return 0;
    }
}
